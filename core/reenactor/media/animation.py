"""Animated WebP as a video, read with Pillow because FFmpeg cannot.

Times come from the file's chunks (RFC 9649, section 2.7), without decoding.
"""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from reenactor.errors import InputError
from reenactor.inputs import require_regular_file
from reenactor.media.colour import over_white

_ANIMATED = 0x02
"""The header's flag for animations."""

_INSTANT, _USUAL = 10, 100
"""Milliseconds: browsers show frames with a duration of up to the first for the second."""


class Animation(NamedTuple):
    """When each picture is shown, in milliseconds; how long the last one is; height and width."""

    times: tuple[int, ...]
    last: int
    size: tuple[int, int]


def is_animation(path: Path) -> bool:
    """Whether a file is an animated WebP."""
    try:
        require_regular_file(path)
        with path.open("rb") as file:
            head = file.read(21)
    except OSError:
        return False
    webp = head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X"
    return webp and len(head) == 21 and bool(head[20] & _ANIMATED)


def read_animation(path: Path) -> Animation:
    """Read the times of the pictures.

    Raises:
        InputError: the file is damaged, or its pictures are too large.
    """
    durations = [d if d > _INSTANT else _USUAL for d in _durations(path)]
    *times, end = accumulate(durations, initial=0)
    with _opened(path) as file:
        if getattr(file, "n_frames", 1) != len(times):
            raise _damaged(path, f"{len(times)} pictures of {getattr(file, 'n_frames', 1)}")
        return Animation(tuple(times), end - times[-1], (file.height, file.width))


def pictures(path: Path) -> Iterator[UInt8[np.ndarray, "H W 3"]]:
    """All pictures in order, RGB over white; raises as `read_animation` does."""
    with _opened(path) as file:
        for number in range(getattr(file, "n_frames", 1)):
            try:
                file.seek(number)
                rgba = np.array(file.convert("RGBA"))
            except Exception as error:  # of damaged files Pillow raises almost anything
                raise _damaged(path, str(error)) from error
            yield over_white(rgba)


def _opened(path: Path) -> Image.Image:
    try:
        return Image.open(path, formats=("WEBP",))
    except Exception as error:  # of damaged files Pillow raises almost anything
        raise _damaged(path, str(error)) from error


def _durations(path: Path) -> Iterator[int]:
    """Milliseconds of each frame."""
    content = path.read_bytes()
    at, found = 12, False
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] == b"ANMF":
            if at + 8 + size > len(content):
                break
            found = True
            yield int.from_bytes(content[at + 20 : at + 23], "little")
        at += 8 + size + size % 2
    if not found or at > len(content) + 1:
        raise _damaged(path, "a truncated file")


def _damaged(path: Path, given: str) -> InputError:
    return InputError(
        f"cannot read the animation {path}",
        given=given,
        expected="an undamaged animated WebP",
        advice="copy it again, or convert it to MP4",
    )
