"""Encodes frames and videos as MP4 that every browser plays."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from reenactor.errors import InputError
from reenactor.media.files import replacing, sha256_of
from reenactor.media.formats import Format
from reenactor.media.join import join
from reenactor.media.outputs import scratch
from reenactor.media.photo import read_photo
from reenactor.media.video import probe, read_video
from reenactor.media.writer import SegmentWriter
from reenactor.progress import Progress, Silent


@dataclass(frozen=True)
class SourceVideo:
    """A video or a folder of numbered PNG frames, with its name."""

    name: str
    path: Path

    def sum(self, clock: "Clock") -> str:
        """A sha256 of its content and frame times."""
        paths = sorted(self.path.glob("*.png")) if self.path.is_dir() else [self.path]
        lines = [f"{path.name}:{sha256_of(path)}" for path in paths]
        return hashlib.sha256("\n".join([str(clock), *lines]).encode()).hexdigest()


@dataclass(frozen=True)
class Clock:
    """Frame times in units of `time_base` seconds; without times, one frame per unit."""

    times: tuple[int, ...]
    time_base: Fraction
    fps: Fraction

    def time(self, number: int) -> int:
        """The time of a frame; beyond the known times, extrapolated at the usual rate."""
        if number < len(self.times):
            return self.times[number]
        step = max(1, round(1 / (self.fps * self.time_base)))
        last = self.times[-1] if self.times else 0
        return last + (number - max(0, len(self.times) - 1)) * step


def encoded(
    one: SourceVideo, output: Path, clock: Clock, synthetic: bool, progress: Progress
) -> None:
    """Write `output` (.mp4) without sound. `synthetic` marks it as synthetic (drivers are not).

    Raises:
        InputError: the video cannot be read, or the folder has no numbered frames.
        OutputError: it cannot be written.
    """
    frames, clock, count = _frames(one, clock, progress)
    with (
        scratch(output) as folder,
        progress.stage(f"encoding {output.parent.name}/{one.name}", count) as advance,
    ):
        segment = folder / "all.mp4"
        writer: SegmentWriter | None = None
        for time, pixels in frames:
            if writer is None:
                size = pixels.shape[0], pixels.shape[1]
                writer = SegmentWriter(segment, Format.MP4, size, clock.time_base, clock.fps)
            writer.write(pixels, time)
            advance(1)
        if writer is not None:
            writer.commit()
        if synthetic:
            join([segment], output, Format.MP4, time_base=clock.time_base, fps=clock.fps)
        else:
            with replacing(output) as temporary:
                segment.replace(temporary)


def inspect(one: SourceVideo) -> None:
    """Check that a video opens, or a folder has numbered frames; raises `InputError`."""
    _frames(one, Clock((), Fraction(1, 25), Fraction(25)), Silent())


def _frames(
    one: SourceVideo, clock: Clock, progress: Progress
) -> tuple[Iterator[tuple[int, Any]], Clock, int]:
    """Times and pixels of the frames, their clock, and their number."""
    if one.path.is_dir():
        paths = {int(p.stem): p for p in one.path.glob("*.png") if p.stem.isdecimal()}
        if not paths:
            raise InputError(
                "the folder has no numbered PNG frames",
                given=str(one.path),
                expected="000000.png, …",
            )
        return _numbered(paths, clock), clock, max(paths) + 1
    info = probe(one.path, progress.note)
    frames = ((frame.time, frame.pixels) for frame in read_video(info, note=progress.note))
    return frames, Clock(info.times, info.time_base, info.fps), info.frames


def _numbered(paths: dict[int, Path], clock: Clock) -> Iterator[tuple[int, Any]]:
    """All numbers up to the last; missing frames repeat the previous one (or the first)."""
    pixels = read_photo(paths[min(paths)]).pixels
    for number in range(max(paths) + 1):
        if number in paths:
            pixels = read_photo(paths[number]).pixels
        yield clock.time(number), pixels
