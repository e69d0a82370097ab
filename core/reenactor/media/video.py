"""What a video file holds, and its frames as RGB."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

Note = Callable[[str], None]
"""Hears of something worth knowing that is no error (a damaged frame, say)."""


@dataclass(frozen=True)
class VideoInfo:
    """What `probe` finds. `times` are the frames' presentation times in units of `time_base`.

    `size` is height and width as shown: after rotation, with square pixels. `fps` is exact where
    the frames come evenly, else the mean (`variable`). `duration` is in seconds.
    """

    path: Path
    name: str
    size: tuple[int, int]
    fps: Fraction
    time_base: Fraction
    times: tuple[int, ...]
    duration: Fraction
    rotation: int
    variable: bool
    has_audio: bool
    pixel_aspect: Fraction
    interlaced: bool

    @property
    def frames(self) -> int:
        """How many frames there are: counted, not what the header says."""
        return len(self.times)


class VideoFrame(NamedTuple):
    """One frame: its place, its presentation time (`VideoInfo.times[index]`), its pixels."""

    index: int
    time: int
    pixels: UInt8[np.ndarray, "H W 3"]


def probe(path: Path) -> VideoInfo:
    """Find out what a video holds, reading it once without decoding. Raises `InputError`."""
    raise NotImplementedError


def read_video(
    source: Path | VideoInfo,
    start: int = 0,
    stop: int | None = None,
    note: Note = lambda _: None,
) -> Iterator[VideoFrame]:
    """Give frames `start` to `stop` (not included; None: the end), each index exactly once.

    A frame that cannot be decoded is replaced by the one before it, as players do, and `note`
    hears of it. Frames are the same wherever reading starts.
    """
    raise NotImplementedError
