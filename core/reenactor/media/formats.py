"""The kinds of output, and how each is encoded."""

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from reenactor.errors import OutputError, UsageError


class Format(StrEnum):
    """How an output is stored."""

    MP4 = "mp4"
    """H.264, 4:2:0, without alpha. An odd last row or column is doubled: 4:2:0 needs even sizes."""
    WEBM = "webm"
    """VP9, 4:2:0, with optional alpha. Times are rounded to milliseconds."""
    MOV = "mov"
    """ProRes 4444, with optional alpha."""
    FRAMES = "frames"
    """PNG files in a folder or named by a pattern such as `dance_%06d.png`; optional alpha."""

    @property
    def segment_suffix(self) -> str:
        """The suffix of a segment; empty for a folder of frames."""
        return "" if self is Format.FRAMES else f".{self.value}"

    @property
    def holds_alpha(self) -> bool:
        return self is not Format.MP4

    def time_base(self, wanted: Fraction) -> Fraction:
        """The format's unit, in seconds, for times in units of `wanted` seconds."""
        if self is Format.WEBM:
            return Fraction(1, 1000)
        return Fraction(1, wanted.denominator)


_SUFFIXES = {".mp4": Format.MP4, ".m4v": Format.MP4, ".webm": Format.WEBM, ".mov": Format.MOV}
_NUMBER = re.compile(r"%(0\d{0,2})?d")
"""The frame's number in a pattern."""
_CONVERSION = re.compile(r"%[-+#0-9.*]*[a-zA-Z%]")
"""What `printf` would replace, so a pattern was meant."""


def format_of(output: Path, alpha: bool = False) -> Format:
    """The format of an output, from its name.

    Raises:
        OutputError: an unknown suffix, or a format without alpha although `alpha` is true.
        UsageError: an invalid pattern, or no name (`.`, `..`, `/`).
    """
    if output.name in ("", ".."):
        raise UsageError(
            "the output needs a name",
            given=str(output),
            expected="a file, a folder to make, or a pattern such as dance_%06d.png",
            advice=f"{output / 'dance.mp4'}, or {output / 'frames'} for a folder",
        )
    suffix = output.suffix.lower()
    _require_pattern(output)
    pattern = suffix == ".png" and is_pattern(output)
    if pattern or not suffix or os.path.isdir(output):  # noqa: PTH112 - does not raise for long names
        kind = Format.FRAMES
    elif suffix in _SUFFIXES:
        kind = _SUFFIXES[suffix]
    else:
        advice = output.with_suffix(".mp4").name
        if suffix == ".png":
            advice = f"{output.stem}_%06d.png, or a folder"
        raise OutputError(
            f"unknown output format {suffix}",
            given=str(output),
            expected=".mp4, .webm, .mov, a folder, or a pattern such as dance_%06d.png",
            advice=advice,
        )
    if alpha and not kind.holds_alpha:
        raise OutputError(
            "MP4 does not support transparency",
            given=str(output),
            expected=".webm, .mov, a folder, or a pattern such as dance_%06d.png",
            advice=f"{output.with_suffix('.webm').name}, or another background",
        )
    return kind


def _require_pattern(output: Path) -> None:
    """Raises `UsageError` if a name looks like a pattern but is not one for PNG files."""
    name = output.name
    if output.suffix.lower() == ".png":
        fits = name.count("%") == len(_NUMBER.findall(name)) < 2
        fits &= not os.path.isdir(output)  # noqa: PTH112 - does not raise for long names
        fits |= "%" not in name
    elif not output.suffix:
        fits = _CONVERSION.search(name) is None
    else:
        fits = _NUMBER.search(name) is None
    if not fits:
        head = re.split(r"%", output.stem, maxsplit=1)[0]
        raise UsageError(
            "invalid pattern for frames",
            given=str(output),
            expected="a PNG file name with one number, %d or %06d, and no other %",
            advice=f"{head}%06d.png",
        )


def frame_path(output: Path, number: int) -> Path:
    """The path of frame `number`, by the output's pattern or in its folder."""
    match = _NUMBER.search(output.name)
    if match is None:
        return output / f"{number:06d}.png"
    return output.with_name(_NUMBER.sub(match.group() % number, output.name, count=1))


def is_pattern(output: Path) -> bool:
    """Whether an output of PNG files is a pattern, not a folder."""
    return _NUMBER.search(output.name) is not None


def pattern_files(output: Path) -> list[Path] | None:
    """The existing files of a pattern, by number; None for a folder."""
    match = _NUMBER.search(output.name)
    if match is None:
        return None
    head, tail = output.name[: match.start()], output.name[match.end() :]
    name = re.compile(re.escape(head) + r"(\d+)" + re.escape(tail))
    found = {}
    if output.parent.is_dir():
        for path in output.parent.iterdir():
            number = name.fullmatch(path.name)
            if number and frame_path(output, int(number[1])) == path:
                found[int(number[1])] = path
    return [found[number] for number in sorted(found)]


@dataclass(frozen=True)
class Encoding:
    """How a format is encoded: the encoder's name, pixel layout and options.

    Everything that affects the bytes is fixed, even the number of threads, so that the same frames
    give the same bytes on every machine.
    """

    codec: str
    layout: str
    options: dict[str, str]
    threads: int = 4


def encoding_of(kind: Format, alpha: bool) -> Encoding:
    """The encoding of a format other than frames. No frame depends on a later one (no B-frames, no
    lookahead across segments), so that segments can be joined without encoding again."""
    if kind is Format.MP4:
        # x264's macroblock tree reads uninitialised memory (core 165, AVX-512): about one run
        # in eighty gave other bytes. Without it, a slightly different quantiser gives the same
        # quality.
        options = {"preset": "veryfast", "crf": "20", "bf": "0", "mbtree": "0"}
        return Encoding("libx264", "yuv420p", options)
    if kind is Format.WEBM:
        options = {
            "crf": "18",
            "b": "0",
            "deadline": "realtime",  # a tenth of the time of "good", for a twelfth more bytes
            "cpu-used": "7",
            "row-mt": "1",
            "auto-alt-ref": "0",
            "lag-in-frames": "0",
        }
        return Encoding("libvpx-vp9", "yuva420p" if alpha else "yuv420p", options)
    if kind is Format.MOV:
        # a fixed quantiser: the search for one that meets a bit rate takes eight times as long
        options = {"profile": "4", "vendor": "apl0", "flags": "+qscale", "global_quality": "472"}
        if alpha:
            options["alpha_bits"] = "16"
        return Encoding("prores_ks", "yuva444p10le" if alpha else "yuv444p10le", options)
    raise ValueError("frames are not encoded into one file")


def encoded_size(kind: Format, size: tuple[int, int]) -> tuple[int, int]:
    """Height and width as stored: MP4 rounds up to even numbers."""
    if kind is Format.MP4:
        return size[0] + size[0] % 2, size[1] + size[1] % 2
    return size


_BITS = {Format.MP4: 0.1, Format.WEBM: 0.1, Format.MOV: 5.0, Format.FRAMES: 10.0}
"""Bits per pixel without alpha: between a studio (half or less) and a park."""


def encoded_bytes(kind: Format, size: tuple[int, int], frames: int, alpha: bool = False) -> int:
    """Estimated size, in bytes, of so many frames in a file."""
    bits = _BITS[kind] * (1.3 if alpha else 1)
    return int(size[0] * size[1] * frames * bits / 8) + 4096


def expected_bytes(kind: Format, size: tuple[int, int], frames: int, alpha: bool = False) -> int:
    """Estimated space, in bytes, for making such an output: segments and the joined file."""
    return 2 * encoded_bytes(kind, size, frames, alpha)
