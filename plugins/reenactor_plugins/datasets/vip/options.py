"""Options of the dataset `vip`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.options import Options


class VipOptions(Options):
    """Where the dataset is, and which of its videos and people are taken."""

    folder: Path = Field(description="The folder VIP_Fine, with Images, Annotations and lists.")
    split: Literal["all", "train", "val"] = Field(
        "train",
        description="Which part of the dataset, according to lists/train_id.txt and val_id.txt.",
    )
    smallest: int = Field(
        200,
        ge=1,
        le=100_000,
        description="Ignore people who are less tall than this in the frame, in pixels.",
    )
