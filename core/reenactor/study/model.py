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
    """A study, as its YAML file says it. Paths are as seen from that file's folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = Field(description="the version of this format")
    title: Text = Field(default="Which video is better?", description="the heading of the study")
    intro: Text = Field(default=INTRO, description="what is said before anybody agrees to begin")
    thanks: Text = Field(
        default="All your answers are stored. You can close this page.",
        description="what is said at the end; a code for a crowd worker, say",
    )
    questions: tuple[Text, ...] = Field(
        default=("Which video do you prefer?",),
        min_length=1,
        max_length=10,
        description="what is asked of every pair, one after another",
    )
    methods: dict[str, Path] = Field(
        min_length=2, description="each method's name and the folder of its videos"
    )
    reference: str | None = Field(
        default=None,
        description="the method that is compared with each of the others; else all with all",
    )
    videos: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="names of the videos to show; else all"
    )
    targets: Path | None = Field(
        default=None, description="a folder of photos by the videos' names, shown beside"
    )
    drivers: Path | None = Field(
        default=None, description="a folder of driving videos by the videos' names, shown beside"
    )
    pairs: Literal["one", "all"] = Field(
        default="one",
        description="whether one participant sees one pair of each video, as in the paper, or all",
    )
    repeats: int = Field(
        default=0,
        ge=0,
        le=50,
        description="pairs shown once more with sides exchanged, to see who answers alike",
    )
    no_preference: bool = Field(
        default=False, description="whether one may have no preference; the paper's could not"
    )
    seed: Seed = Field(default=0, description="of the order, the sides and the pairs")
