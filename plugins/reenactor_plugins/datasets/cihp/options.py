"""Options of the dataset `cihp`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.options import Options


class CihpOptions(Options):
    """Where the dataset is, and which of its people are taken."""

    folder: Path = Field(
        description="The folder instance-level_human_parsing, with Training and Validation."
    )
    split: Literal["Training", "Validation"] = Field(
        "Training", description="Which part of the dataset."
    )
    smallest: int = Field(
        200,
        ge=1,
        le=100_000,
        description="Ignore people who are less tall than this in the photo, in pixels.",
    )
