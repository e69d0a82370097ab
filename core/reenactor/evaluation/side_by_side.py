"""Writes videos side by side with their names, for `reenactor compare`.

The first video sets the timing: at each of its frames the others show their frame at that time
since their own start. A folder of numbered PNG frames shows the frame of the same number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from reenactor.errors import InputError, UsageError
from reenactor.media.formats import Format, format_of
from reenactor.media.join import join
from reenactor.media.mark import COMMENT, SYNTHETIC
from reenactor.media.outputs import require_free, scratch
from reenactor.media.photo import read_photo
from reenactor.media.sequence import restore
from reenactor.media.video import VideoInfo, probe, read_video
from reenactor.media.writer import SegmentWriter
from reenactor.ops.drawing import beside
from reenactor.progress import Progress, Silent
from reenactor.spelling import legible

Picture = npt.NDArray[np.uint8]

STRIP = 28
"""Height in pixels of the strip for the name."""


@dataclass(frozen=True)
class NamedVideo:
    """A video or a folder of frames, with its name."""

    name: str
    path: Path


def compare(
    shown: Sequence[NamedVideo],
    output: Path,
    height: int = 540,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the videos side by side, each `height` pixels high, with the first one's sound.

    Videos that end early hold their last frame and are labelled "(ended)".

    Raises:
        InputError: one cannot be read, or the first is not a video.
        UsageError: fewer than two are given, or the output exists.
    """
    progress = progress or Silent()
    if len(shown) < 2:
        raise UsageError("nothing to compare", expected="two videos or more")
    if shown[0].path.is_dir():
        raise InputError("the first must be a video: it sets the timing", given=str(shown[0].path))
    kind = format_of(output)
    given = [one.path for one in shown]
    require_free([output], given, overwrite, kind)
    with scratch(output) as folder:
        restore(output)
        require_free([output], given, overwrite, kind)
        first = probe(shown[0].path, progress.note)
        segment = folder / f"all{kind.segment_suffix}"
        _encode(shown, first, segment, kind, height, progress)
        require_free([output], given, overwrite, kind)
        join(
            [segment],
            output,
            kind,
            time_base=first.time_base,
            fps=first.fps,
            audio_from=first.path if first.has_audio else None,
            start_time=Fraction(first.times[0] * first.time_base),
            metadata={"comment": f"{COMMENT} A comparison. {SYNTHETIC}"},
            note=progress.note,
        )
    return output


def _encode(
    shown: Sequence[NamedVideo],
    first: VideoInfo,
    segment: Path,
    kind: Format,
    height: int,
    progress: Progress,
) -> None:
    others = [_follow(one, first, progress) for one in shown[1:]]
    writer: SegmentWriter | None = None
    with progress.stage("comparing", first.frames) as advance:
        for frame in read_video(first, note=progress.note):
            rows = [(frame.pixels, False), *(next(other) for other in others)]
            cells = [
                _captioned(pixels, f"{one.name}{' (ended)' if ended else ''}", height)
                for one, (pixels, ended) in zip(shown, rows, strict=True)
            ]
            picture = np.ascontiguousarray(np.hstack(cells))
            if writer is None:
                size = picture.shape[0], picture.shape[1]
                writer = SegmentWriter(segment, kind, size, first.time_base, first.fps)
            writer.write(picture, frame.time)
            advance(1)
    if writer is not None:
        writer.commit()


def _follow(
    one: NamedVideo, clock: VideoInfo, progress: Progress
) -> Iterator[tuple[Picture, bool]]:
    """The frame to show at each frame of the first video, and whether the video has ended."""
    if one.path.is_dir():
        yield from _numbered(one, clock.frames)
        return
    info = probe(one.path, progress.note)
    frames = read_video(info, note=progress.note)
    now: Any = next(frames)
    ahead: Any = next(frames, None)
    begin = info.times[0] * info.time_base
    for time in clock.times:
        moment = (time - clock.times[0]) * clock.time_base
        while ahead is not None and ahead.time * info.time_base - begin <= moment:
            now, ahead = ahead, next(frames, None)
        yield now.pixels, moment >= info.duration


def _numbered(one: NamedVideo, length: int) -> Iterator[tuple[Picture, bool]]:
    paths = {int(p.stem): p for p in one.path.glob("*.png") if p.stem.isdecimal()}
    if not paths:
        raise InputError(
            "the folder has no numbered PNG frames", given=str(one.path), expected="000000.png, …"
        )
    latest = read_photo(paths[min(paths)]).pixels
    for number in range(length):
        if number in paths:
            latest = read_photo(paths[number]).pixels
        yield latest, number > max(paths)


def _captioned(picture: Picture, text: str, height: int) -> Picture:
    """A picture of that height with its name above."""
    small = beside([picture], height)
    strip = np.full((STRIP, small.shape[1], 3), 255, np.uint8)
    cv2.putText(
        strip,
        legible(text),
        (6, STRIP - 9),
        cv2.FONT_HERSHEY_SIMPLEX,
        0.55,
        (20, 20, 20),
        1,
        cv2.LINE_AA,
    )
    return np.vstack([strip, small])
