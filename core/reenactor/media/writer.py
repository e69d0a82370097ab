"""Segments: the pieces in which an output is encoded, each whole or absent."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from jaxtyping import UInt8

from reenactor.media.formats import Format


class SegmentWriter:
    """Encodes consecutive frames into a file of their own, independent of all others.

    The file (a folder for `Format.FRAMES`) appears under its name when complete. Leaving the
    context by an error leaves nothing. The same frames and settings give the same bytes.
    """

    def __init__(
        self,
        path: Path,
        kind: Format,
        size: tuple[int, int],
        time_base: Fraction,
        fps: Fraction,
        alpha: bool = False,
    ) -> None:
        raise NotImplementedError

    def write(self, pixels: UInt8[np.ndarray, "H W C"], time: int) -> None:
        """Add a frame: RGB, or RGBA (straight alpha) if `alpha`; `time` in `time_base` units."""

    def commit(self) -> None:
        """Finish the file, make it durable, and give it its name."""

    def abort(self) -> None:
        """Throw away what was written."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def segment_frames(path: Path, kind: Format) -> int:
    """How many frames a finished segment holds. Raises `OutputError` if it is damaged."""
    raise NotImplementedError
