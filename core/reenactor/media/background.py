"""Colours, pictures, folders and videos as backgrounds."""

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Generator, Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Literal

import cv2
import numpy as np
from jaxtyping import UInt8
from PIL import ImageColor

from reenactor.errors import InputError
from reenactor.inputs import PICTURE_SUFFIXES, UNREAD_PICTURE_SUFFIXES
from reenactor.media.photo import is_animated, read_photo
from reenactor.media.video import Note, VideoFrame, VideoInfo, ignore, probe, read_video

After = Literal["loop", "hold"]
"""What follows the last picture: the first again, or the last one forever."""

Seconds = Fraction | float | int
"""A time; exact if it is a fraction."""

_PICTURES = PICTURE_SUFFIXES | UNREAD_PICTURE_SUFFIXES
"""Suffixes of pictures; other files, and animations, are read as videos."""


class Background(ABC):
    """A picture of the output's size for every frame."""

    @abstractmethod
    def at(self, index: int, time: Seconds) -> UInt8[np.ndarray, "H W 3"]:
        """The picture behind frame `index`, shown `time` seconds after the driver's first.

        Frames may be requested in any order; ascending is fastest.
        """

    @abstractmethod
    def close(self) -> None:
        """Close open files."""

    def __enter__(self) -> "Background":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_background(
    source: str | Path,
    size: tuple[int, int],
    fps: Fraction | None = None,
    after: After = "loop",
    note: Note = ignore,
) -> Background:
    """Open a colour, picture, folder of pictures, or video.

    Args:
        source: a colour's name or code (`white`, `#ff8800`, `rgb(255, 136, 0)`), or a path. A
            `Path` is never a colour; as text, `./white` is a file of that name.
        size: height and width to fill: pictures keep their aspect ratio and are cropped.
        fps: pictures of a folder per second; None: one for each frame of the driver.
        after: what follows the end of a folder or video.
        note: receives notes about damaged frames.

    Raises:
        InputError: the source is none of these, or cannot be read.
    """
    colour = _colour(source) if isinstance(source, str) else None
    if colour is not None:
        return _Still(np.full((*size, 3), colour, np.uint8))
    path = Path(source)
    if path.is_dir():
        return _Folder(_pictures(path), size, fps, after)
    if not path.exists():
        raise InputError(
            f"no such background: {source}",
            given=str(source),
            expected="a colour (white, #ff8800), a picture, a folder of pictures, or a video",
            advice="check the spelling",
        )
    if path.suffix.lower() in _PICTURES and not is_animated(path):
        return _Still(filled(read_photo(path).pixels, size))
    return _Video(probe(path, note), size, after, note)


def _colour(text: str) -> tuple[int, int, int] | None:
    try:
        found = ImageColor.getrgb(text)
    except ValueError:
        return None
    return found[0], found[1], found[2]


def _pictures(folder: Path) -> list[Path]:
    """The pictures of a folder in natural order: 2.png before 10.png."""
    found = [path for path in folder.iterdir() if path.suffix.lower() in _PICTURES]
    if not found:
        raise InputError(
            f"{folder} contains no pictures",
            given=f"{len(list(folder.iterdir()))} other files",
            expected="files that end with " + ", ".join(sorted(PICTURE_SUFFIXES)),
        )
    return sorted(found, key=lambda path: (_numbered(path.name), path.name))


def _numbered(name: str) -> list[tuple[int, str]]:
    """A name as text and numbers, for sorting."""
    parts = re.findall(r"\d+|\D+", name)
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in parts]


def filled(pixels: UInt8[np.ndarray, "h w 3"], size: tuple[int, int]) -> UInt8[np.ndarray, "H W 3"]:
    """Scale a picture to cover `size` (height, width) and crop it around its centre."""
    height, width = pixels.shape[:2]
    scale = max(size[0] / height, size[1] / width)
    new = max(size[0], round(height * scale)), max(size[1], round(width * scale))
    if new != (height, width):
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        pixels = cv2.resize(pixels, (new[1], new[0]), interpolation=method)
    top, left = (new[0] - size[0]) // 2, (new[1] - size[1]) // 2
    return np.ascontiguousarray(pixels[top : top + size[0], left : left + size[1]])


def _place(wanted: int, count: int, after: After) -> int:
    return wanted % count if after == "loop" else min(wanted, count - 1)


class _Still(Background):
    """The same picture for every frame."""

    def __init__(self, pixels: UInt8[np.ndarray, "H W 3"]) -> None:
        self._pixels = pixels

    def at(self, index: int, time: Seconds) -> UInt8[np.ndarray, "H W 3"]:
        del index, time
        return self._pixels.copy()

    def close(self) -> None:
        """Nothing is open."""


class _Folder(Background):
    """One picture after the other, read on demand."""

    def __init__(
        self, paths: list[Path], size: tuple[int, int], fps: Fraction | None, after: After
    ) -> None:
        self._paths = paths
        self._size = size
        self._fps = fps
        self._after = after
        self._shown: tuple[int, UInt8[np.ndarray, "H W 3"]] | None = None

    def at(self, index: int, time: Seconds) -> UInt8[np.ndarray, "H W 3"]:
        if self._fps is not None:
            index = int(Fraction(time).limit_denominator(10**6) * self._fps)
        place = _place(index, len(self._paths), self._after)
        if self._shown is None or self._shown[0] != place:
            self._shown = place, filled(read_photo(self._paths[place]).pixels, self._size)
        return self._shown[1].copy()

    def close(self) -> None:
        """Nothing stays open."""


class _Video(Background):
    """The frame of a video at a time; read in order, and again from the start to go back.

    Times are the video's own, so 25 frames per second with a driver of 30 shows some twice.
    """

    def __init__(self, info: VideoInfo, size: tuple[int, int], after: After, note: Note) -> None:
        self._info = info
        self._size = size
        self._after = after
        self._note = note
        self._told = False
        self._frames: Iterator[VideoFrame] = iter(())
        self._shown: tuple[int, UInt8[np.ndarray, "H W 3"]] | None = None

    def at(self, index: int, time: Seconds) -> UInt8[np.ndarray, "H W 3"]:
        del index
        place = self._at(Fraction(time).limit_denominator(10**6))
        if self._shown is None or self._shown[0] != place:
            self._shown = place, filled(self._frame(place), self._size)
        return self._shown[1].copy()

    def _at(self, time: Fraction) -> int:
        """The frame that is shown `time` seconds after the first."""
        times, unit = self._info.times, self._info.time_base
        if self._after == "loop":
            time %= self._info.duration
        ticks = max(time, Fraction(0)) / unit + times[0]
        return bisect_right(times, ticks + Fraction(1, 2)) - 1  # times are rounded to ticks

    def _frame(self, place: int) -> UInt8[np.ndarray, "H W 3"]:
        if not self._ahead(place):
            self.close()
            self._frames = read_video(self._info, place, note=self._tell)
        for frame in self._frames:
            if frame.index == place:
                return frame.pixels
        raise InputError(f"cannot read frame {place} of {self._info.path}")

    def _ahead(self, place: int) -> bool:
        """Whether reading on reaches a frame about as soon as seeking to a key frame would."""
        if self._shown is None or place <= self._shown[0]:
            return False
        key = max((entry for entry, _ in self._info.entries if entry <= place), default=0)
        return key <= self._shown[0] + 30

    def _tell(self, text: str) -> None:
        if not self._told:  # once is enough for a video that loops
            self._told = True
            self._note(text)

    def close(self) -> None:
        """Close the video. Asking for a frame opens it again."""
        if isinstance(self._frames, Generator):
            self._frames.close()
        self._frames = iter(())
        self._shown = None
