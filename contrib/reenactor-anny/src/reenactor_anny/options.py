"""Options of the datasets `anny` and `turntable`."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from reenactor.options import Options, Seed


class AnnyOptions(Options):
    """How many people, in which poses, seen how."""

    bodies: int = Field(
        600, ge=1, le=1_000_000, description="How many people: bodies with their clothes and hair."
    )
    poses_each: int = Field(
        8, ge=1, le=10_000, description="In how many poses each of them is shown."
    )
    sharing: int = Field(
        6,
        ge=1,
        le=1_000_000,
        description="How many people are shown in one and the same pose, on average.",
    )
    seed: Seed = Field(0, description="Another seed gives other people in other poses.")
    height: int = Field(512, ge=64, le=4096, description="Height of the pictures in pixels.")
    width: int = Field(320, ge=40, le=4096, description="Width of the pictures in pixels.")
    poses: tuple[Path, ...] = Field(
        (),
        description="Motion files that `reenactor analyze` wrote, or folders of them; their dances "
        "are mixed with made-up poses. Without any, all poses are made up.",
    )
    made_up: float = Field(
        0.3,
        ge=0,
        le=1,
        description="The share of made-up poses where `poses` names files.",
    )
    mirror: bool = Field(True, description="Whether half of the poses are flipped left to right.")
    yaw: float = Field(
        40.0, ge=0, le=180, description="By how many degrees at most the camera goes round."
    )
    dense: Literal["exact", "found"] = Field(
        "exact",
        description="The dense pose of the body itself, or what the spec's estimator finds: then "
        "networks see in training what they will see at work.",
    )
    samples: int = Field(
        2, ge=1, le=8, description="How many samples a pixel's side has in the picture."
    )


class TurntableOptions(Options):
    """How many people turn, how often each of them is seen."""

    people: int = Field(
        24, ge=1, le=100_000, description="How many people; the first 24 are all builds and ages."
    )
    views: int = Field(
        8,
        ge=1,
        le=10_000,
        description="In how many poses each of them is shown besides the photo, at yaws spread "
        "evenly from 0 to 180 degrees, to either side.",
    )
    photo_yaw: float = Field(
        30.0, ge=0, le=180, description="By how many degrees at most the photo is turned."
    )
    seed: Seed = Field(0, description="Another seed gives other people in other poses.")
    height: int = Field(512, ge=64, le=4096, description="Height of the pictures in pixels.")
    width: int = Field(320, ge=40, le=4096, description="Width of the pictures in pixels.")
    samples: int = Field(
        2, ge=1, le=8, description="How many samples a pixel's side has in the picture."
    )
