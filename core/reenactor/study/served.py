"""What all connections to a study share: its files, its answers, and who is answered to."""

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
    """A study that is open. `names` are the hosts it may be asked by; none: any."""

    study: Study
    answers: Answers
    names: tuple[str, ...] = ()
    progress: Progress = field(default_factory=Silent)

    def __post_init__(self) -> None:
        """Refuse a study that lacks what people have been dealt before."""
        if lost := missing_videos(self.study, self.answers.all()):
            raise UsageError(
                "people have been dealt videos that the study has no more",
                given=", ".join(lost[:6]),
                advice="put them back into study.yaml, or make another study in another folder",
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
        """How many steps a participant has."""
        return len(self.plan(0))

    @cached_property
    def cookie(self) -> str:
        """The name under which a browser keeps a participant's token."""
        return f"study-{self.answers.identity}"

    @cached_property
    def static(self) -> dict[str, bytes]:
        """The files that pages need, by address."""
        folder = files("reenactor.study").joinpath("page")
        return {path: folder.joinpath(path[1:]).read_bytes() for path in STATIC}

    def file(self, step: Step, side: str) -> Path | None:
        """The video or photo of a step's side; None where the study has no such thing."""
        if side == "target":
            return self.study.targets.get(step.video)
        if side == "driver":
            return self.study.drivers.get(step.video)
        return self.study.methods[step.left if side == "left" else step.right][step.video]


def missing_videos(study: Study, steps: Iterable[Answer]) -> list[str]:
    """What people have been dealt that the study does not have (any more), as method/video."""
    dealt = {(m, one.step.video) for one in steps for m in (one.step.left, one.step.right)}
    known = {(method, video) for method in study.methods for video in study.videos}
    return sorted(f"{method}/{video}" for method, video in dealt - known)
