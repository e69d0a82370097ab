"""Options of the dataset `mhp`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.options import Options


class MhpOptions(Options):
    """Where the dataset is, and which of its people are taken."""

    folder: Path = Field(description="The folder LV-MHP-v2, with train and val.")
    split: Literal["train", "val"] = Field("train", description="Which part of it.")
    smallest: int = Field(
        200,
        ge=1,
        le=100_000,
        description="People less tall than this in the photo, in pixels, are left out.",
    )
