"""`study.yaml` as plain frozen values."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from reenactor.options import Seed

Text = Annotated[str, Field(min_length=1, max_length=4000)]

INTRO = """You will see pairs of short videos, side by side. Each pair plays again and again,
without sound. Take the time you need; there are no right or wrong answers.

What you answer is stored with the time of the answer. Nothing about you is stored: no name, no
address. You may stop whenever you like by closing this page, and go on later from the same link."""


class StudyFile(BaseModel):
    """A study as described by its YAML file. Paths are relative to the file's folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = Field(description="the version of this format")
    title: Text = Field(default="Which video is better?", description="the heading of the study")
    intro: Text = Field(default=INTRO, description="the text before participants agree to begin")
    thanks: Text = Field(
        default="All your answers are stored. You can close this page.",
        description="the text at the end; for example, a code for crowd workers",
    )
    questions: tuple[Text, ...] = Field(
        default=("Which video do you prefer?",),
        min_length=1,
        max_length=10,
        description="the questions for every pair, asked one after another",
    )
    methods: dict[str, Path] = Field(
        min_length=2, description="each method's name and the folder of its videos"
    )
    reference: str | None = Field(
        default=None,
        description="the method to compare with each of the others; by default, all with all",
    )
    videos: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="names of the videos to show; by default, all"
    )
    targets: Path | None = Field(
        default=None, description="a folder of photos, named after the videos, to show beside them"
    )
    drivers: Path | None = Field(
        default=None,
        description="a folder of driving videos, named after the videos, to show beside them",
    )
    pairs: Literal["one", "all"] = Field(
        default="one",
        description="whether one participant sees one pair of each video, as in the paper, or all",
    )
    repeats: int = Field(
        default=0,
        ge=0,
        le=50,
        description="pairs to repeat with sides swapped, to measure consistency",
    )
    no_preference: bool = Field(
        default=False, description='whether to offer "no preference" (the paper did not)'
    )
    seed: Seed = Field(default=0, description="the seed for order, sides and pairs")
