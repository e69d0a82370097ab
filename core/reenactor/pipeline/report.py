"""The report of a run, which is written beside its output."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes:
        outputs: the result and the extras.
        frames: of each output.
        resumed_at: frames that an interrupted run had rendered already.
        canvas: height and width of the canvas, in pixels.
        people: how many people were found in the driver.
        absent: frames in which the dancer was not found.
        wall: seconds of each pass, by wall time.
        seconds: of each stage; stages overlap, so their sum is more than that of `wall`.
        processor: seconds of processor time of all threads, without joining the outputs.
        memory: peak of the process's resident memory so far in bytes; None where it is unknown.
        fingerprint: everything the frames depend on.
        notes: what the user was told.
    """

    outputs: tuple[Path, ...]
    frames: int
    resumed_at: int
    canvas: tuple[int, int]
    people: int
    absent: tuple[int, ...]
    wall: Mapping[str, float]
    seconds: Mapping[str, float]
    processor: float
    memory: int | None
    fingerprint: Mapping[str, object]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The fields as values that `json` can write."""
        plain = asdict(self)
        plain["outputs"] = [path.name for path in self.outputs]
        plain["synthetic"] = True
        return plain
