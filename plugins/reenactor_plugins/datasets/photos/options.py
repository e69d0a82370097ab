"""Options of the dataset `photos`."""

from pathlib import Path

from pydantic import Field

from reenactor.options import Options


class PhotosOptions(Options):
    """Where the photos are."""

    folder: Path = Field(description="Folder of photos, including subfolders.")
