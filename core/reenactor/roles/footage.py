"""The pictures that an inpainter prepares with, read on demand."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import final

from jaxtyping import Bool
from torch import Tensor

from reenactor.values import Frames


class Footage(ABC):
    """All pictures of a source with their holes; a video's are too many to be held in memory.

    Attributes:
        size: height and width of the pictures.
        shots: the frames of each shot; a photo is one shot of one frame.
    """

    size: tuple[int, int]
    shots: tuple[slice, ...]

    @abstractmethod
    def read(self, indices: Sequence[int]) -> Iterator[tuple[Frames, Bool[Tensor, "1 H W"]]]:
        """Some frames, ascending, one at a time, each with its hole (True)."""

    @abstractmethod
    def spread(self, shot: slice, count: int) -> tuple[int, ...]:
        """At most `count` frames spread over a shot, preferably those that are fast to read."""


@final
class HeldFootage(Footage):
    """Pictures in memory: a photo, or a few frames. `frames.index` counts from 0."""

    def __init__(self, frames: Frames, holes: Bool[Tensor, "T H W"]) -> None:
        self.size = frames.size
        self.shots = (slice(0, len(frames)),)
        self._frames, self._holes = frames, holes

    def read(self, indices: Sequence[int]) -> Iterator[tuple[Frames, Bool[Tensor, "1 H W"]]]:
        for index in sorted(set(indices)):
            part = slice(index, index + 1)
            yield self._frames[part], self._holes[part]

    def spread(self, shot: slice, count: int) -> tuple[int, ...]:
        return evenly(shot, count)


def evenly(shot: slice, count: int) -> tuple[int, ...]:
    """At most `count` frames, evenly spread from a shot's first frame to its last."""
    steps = min(count, shot.stop - shot.start) - 1
    if steps < 1:
        return (shot.start,)
    length = shot.stop - shot.start - 1
    return tuple(shot.start + round(length * step / steps) for step in range(steps + 1))
