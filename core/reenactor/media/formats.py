"""The kinds of output and their file extensions."""

from enum import StrEnum
from pathlib import Path


class Format(StrEnum):
    """How an output is stored."""

    MP4 = "mp4"
    """H.264, 4:2:0, no alpha."""
    WEBM = "webm"
    """VP9, with alpha if asked. Times are whole milliseconds."""
    MOV = "mov"
    """ProRes 4444, with alpha if asked."""
    FRAMES = "frames"
    """A folder of PNG files, or a pattern such as `out/dance_%06d.png`; alpha if asked."""

    @property
    def segment_suffix(self) -> str:
        """What the name of a segment ends with; empty for a folder."""
        raise NotImplementedError


def format_of(output: Path, alpha: bool = False) -> Format:
    """The format that an output's name asks for. Raises `OutputError`."""
    raise NotImplementedError


def expected_bytes(kind: Format, size: tuple[int, int], frames: int, alpha: bool = False) -> int:
    """A guess, on the high side, of what that many frames take."""
    raise NotImplementedError
