"""The state shared by all connections to a study: files, answers, and allowed hosts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from reenactor.errors import UsageError
from reenactor.progress import Progress, Silent
from reenactor.study.answers import Answer, Answers
from reenactor.study.load import Study
from reenactor.study.plan import Step, steps_of

STATIC = {"/study.css": "text/css", "/study.js": "text/javascript", "/icon.svg": "image/svg+xml"}


@dataclass(frozen=True)
class ServedStudy:
    """A study that is being served. `names` are the allowed hosts; empty allows any."""

    study: Study
    answers: Answers
    names: tuple[str, ...] = ()
    progress: Progress = field(default_factory=Silent)

    def __post_init__(self) -> None:
        """Check that the study still has all videos that participants have been assigned."""
        if lost := missing_videos(self.study, self.answers.all()):
            raise UsageError(
                "participants were assigned videos that the study no longer has",
                given=", ".join(lost[:6]),
                advice="restore them in study.yaml, or make a new study in another folder",
            )

    def plan(self, number: int) -> list[Step]:
        """The steps of a participant."""
        file = self.study.file
        return steps_of(
            number,
            self.study.videos,
            self.study.pairs,
            file.questions,
            file.pairs == "all",
            file.repeats,
            file.seed,
        )

    @cached_property
    def steps(self) -> int:
        """The number of steps of a participant."""
        return len(self.plan(0))

    @cached_property
    def cookie(self) -> str:
        """The name of the cookie with a participant's token."""
        return f"study-{self.answers.identity}"

    @cached_property
    def static(self) -> dict[str, bytes]:
        """The static files of the pages, by address."""
        folder = files("reenactor.study").joinpath("page")
        return {path: folder.joinpath(path[1:]).read_bytes() for path in STATIC}

    def file(self, step: Step, side: str) -> Path | None:
        """The video or photo for a side of a step; None if there is none."""
        if side == "target":
            return self.study.targets.get(step.video)
        if side == "driver":
            return self.study.drivers.get(step.video)
        return self.study.methods[step.left if side == "left" else step.right][step.video]


def missing_videos(study: Study, steps: Iterable[Answer]) -> list[str]:
    """Assigned videos that the study no longer has, as method/video."""
    dealt = {(m, one.step.video) for one in steps for m in (one.step.left, one.step.right)}
    known = {(method, video) for method in study.methods for video in study.videos}
    return sorted(f"{method}/{video}" for method, video in dealt - known)
