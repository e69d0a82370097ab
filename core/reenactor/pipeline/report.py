"""What a run did, for the file beside its output."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Report:
    """A finished run. `seconds` sums each stage's own time; stages overlap, so that their sum is
    more than `wall`. `absent` are the frames in which no dancer was found."""

    outputs: tuple[Path, ...]
    frames: int
    resumed_at: int
    people: int
    absent: tuple[int, ...]
    wall: Mapping[str, float]
    seconds: Mapping[str, float]
    fingerprint: Mapping[str, object]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        plain = asdict(self)
        plain["outputs"] = [path.name for path in self.outputs]
        plain["synthetic"] = True
        return plain
