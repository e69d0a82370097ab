"""Options of the dataset `videos`."""

from pathlib import Path

from pydantic import Field

from reenactor.options import Options


class VideosOptions(Options):
    """Where the videos are, and which frames are taken."""

    folder: Path = Field(description="Folder of videos, or one video file.")
    stride: int = Field(
        5, ge=1, le=1_000_000, description="Use one in this many frames, from the first on."
    )
