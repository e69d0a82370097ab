"""Properties of a video file, and its frames as RGB."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from jaxtyping import UInt8

from reenactor.errors import InputError
from reenactor.media.animation import is_animation, pictures, read_animation
from reenactor.media.colour import (
    UPRIGHT,
    Turn,
    believable,
    degrees_of,
    shown,
    shown_size,
    turn_of,
)
from reenactor.media.decode import VIDEOS, decoded, exact, opened
from reenactor.media.timeline import rate_of, read_timeline

_Decoded = av.VideoFrame | UInt8[np.ndarray, "H W 3"]
"""A decoded frame, or its pixels if Pillow decoded it."""
Note = Callable[[str], None]
"""Receives messages that are not errors, for example about a damaged frame."""


@dataclass(frozen=True)
class VideoInfo:
    """What `probe` finds.

    Attributes:
        path: the file.
        name: its stem.
        size: height and width as shown: upright, with square pixels.
        fps: frames per second; exact if the rate is constant, else the mean.
        variable: whether the rate varies.
        time_base: seconds in a unit of `times`.
        times: of the frames, on the file's clock, which its sound shares.
        duration: seconds from the start of the first frame to the end of the last.
        turn: how stored frames are rotated and mirrored; see also `rotation`.
        pixel_aspect: width over height of a stored pixel.
        interlaced: whether frames consist of two fields; they are not deinterlaced.
        has_audio: whether there is sound.
        entries: frames where decoding can start, and the times to seek to.
        by_time: whether decoded frames are identified by their times, else by their order.
    """

    path: Path
    name: str
    size: tuple[int, int]
    fps: Fraction
    variable: bool
    time_base: Fraction
    times: tuple[int, ...] = field(repr=False)
    duration: Fraction
    turn: Turn
    pixel_aspect: Fraction
    interlaced: bool
    has_audio: bool
    entries: tuple[tuple[int, int], ...] = field(repr=False)
    by_time: bool

    @property
    def rotation(self) -> int:
        """Clockwise rotation of stored frames in degrees: 0, 90, 180 or 270."""
        return degrees_of(self.turn)

    @property
    def frames(self) -> int:
        """The number of frames, counted, not from the header."""
        return len(self.times)


class VideoFrame(NamedTuple):
    """One frame: its index, time (`VideoInfo.times[index]`) and pixels."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which is not needed
    time: int
    pixels: UInt8[np.ndarray, "H W 3"]


def ignore(text: str) -> None:
    """A `Note` that does nothing."""
    del text


def probe(path: Path, note: Note = ignore) -> VideoInfo:
    """Read the properties of a video: read it once, decode one frame.

    Raises:
        InputError: the file is missing, too damaged, not a video, or a single picture.
    """
    if is_animation(path):
        return _animated(path)
    with opened(path) as (container, stream):
        timeline = read_timeline(container, stream)
        audio = any(sound.codec_context is not None for sound in container.streams.audio)
        declared = (stream.average_rate, stream.guessed_rate, stream.base_rate)
        rates = [exact(rate) for rate in declared]
        aspect = believable(exact(stream.sample_aspect_ratio))
    frame = _first_frame(path)
    turn = turn_of(frame)
    fps, variable = rate_of(timeline.times, timeline.time_base, rates)
    last = timeline.last * timeline.time_base or 1 / fps
    info = VideoInfo(
        path=path,
        name=path.stem,
        size=shown_size(frame, aspect, turn),
        fps=fps,
        variable=variable,
        time_base=timeline.time_base,
        times=timeline.times,
        duration=(timeline.times[-1] - timeline.times[0]) * timeline.time_base + last,
        turn=turn,
        pixel_aspect=aspect,
        interlaced=frame.interlaced_frame,
        has_audio=audio,
        entries=timeline.entries,
        by_time=timeline.by_time,
    )
    if timeline.problem:
        note(f"{path.name} {timeline.problem}")
    if info.interlaced:
        note(f"{path.name} is interlaced: moving edges may show combing")
    return info


def _animated(path: Path) -> VideoInfo:
    """The properties of an animated WebP."""
    times, last, size = read_animation(path)
    unit = Fraction(1, 1000)
    fps, variable = rate_of(times, unit, [1 / (last * unit)])
    return VideoInfo(
        path=path,
        name=path.stem,
        size=size,
        fps=fps,
        variable=variable,
        time_base=unit,
        times=times,
        duration=(times[-1] + last) * unit,
        turn=UPRIGHT,
        pixel_aspect=Fraction(1),
        interlaced=False,
        has_audio=False,
        entries=((0, 0),),
        by_time=True,
    )


def _first_frame(path: Path) -> av.VideoFrame:
    """The first frame that can be decoded, which has the true size, rotation and colours."""
    with opened(path) as (container, stream):
        for frame in decoded(container, stream, []):
            return frame
    raise InputError(
        f"cannot decode any frame of {path}",
        expected=VIDEOS,
        advice="the file is damaged or truncated: copy it again",
    )


def read_video(
    source: Path | VideoInfo, start: int = 0, stop: int | None = None, note: Note = ignore
) -> Iterator[VideoFrame]:
    """Yield frames `start` to `stop` (exclusive; None: the end), each index exactly once.

    Reading starts at a key frame before `start` and gives the same frames as reading from 0. A
    frame that cannot be decoded is replaced by the one before (or the first one after, at the
    start), as in players, and `note` receives how many there were. The file stays open until the
    iterator is exhausted, closed or dropped.

    Raises:
        InputError: the file cannot be read, or no frame of the range can be decoded.
    """
    info = source if isinstance(source, VideoInfo) else probe(source, note)
    stop = info.frames if stop is None else min(stop, info.frames)
    if start < 0:
        raise ValueError(f"start is {start}, must be 0 or more")
    damage = _Damage()
    try:
        if start < stop:
            yield from _complete(info, start, stop, damage)
    finally:
        damage.report(info, note)


def read_frames(
    info: VideoInfo, indices: Sequence[int], note: Note = ignore
) -> Iterator[VideoFrame]:
    """Yield some frames, ascending, decoding as few others as possible.

    The frames and errors are those of `read_video`.
    """
    damage = _Damage()
    try:
        for run in _runs(info, sorted(set(indices))):
            yield from _complete(info, run[0], run[-1] + 1, damage, frozenset(run))
    finally:
        damage.report(info, note)


def _runs(info: VideoInfo, indices: Sequence[int]) -> Iterator[list[int]]:
    """Runs of indices without a key frame between neighbours, to decode without seeking."""
    entries = [entry for entry, _ in info.entries]
    run: list[int] = []
    for index in indices:
        if run and any(run[-1] < entry <= index for entry in entries):
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _complete(
    info: VideoInfo,
    start: int,
    stop: int,
    damage: "_Damage",
    wanted: frozenset[int] | None = None,
) -> Iterator[VideoFrame]:
    """Frames `start` to `stop`, or those in `wanted`, with missing ones filled in.

    Only these are converted to pixels.
    """
    for index, frame in _without_gaps(info, start, stop, damage):
        if wanted is None or index in wanted:
            pixels = frame if isinstance(frame, np.ndarray) else shown(frame, info.size, info.turn)
            yield VideoFrame(index, info.times[index], pixels)


def _without_gaps(
    info: VideoInfo, start: int, stop: int, damage: "_Damage"
) -> Iterator[tuple[int, _Decoded]]:
    index = start
    before: _Decoded | None = None
    for place, frame in _from(info, start, damage):
        for missing in range(index, min(place, stop)):
            damage.missing.append(missing)
            yield missing, frame if before is None else before
        before = frame
        index = max(index, place)
        if place == index < stop:
            yield index, frame
            index += 1
        if index >= stop:
            return
    if before is None:
        raise InputError(
            f"cannot decode {info.path} from frame {start} on",
            expected=VIDEOS,
            advice="the file is damaged: copy it again",
        )
    for missing in range(index, stop):
        damage.missing.append(missing)
        yield missing, before


@dataclass
class _Damage:
    """What went wrong while decoding."""

    faults: list[str] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)

    def report(self, info: VideoInfo, note: Note) -> None:
        if self.missing:
            note(
                f"{len(self.missing)} frames of {info.path.name} cannot be decoded (the first is "
                f"frame {self.missing[0]}): the frame before replaces each"
            )
        elif self.faults:
            note(
                f"{info.path.name} is damaged in {len(self.faults)} places "
                f"({self.faults[0]}): some frames may look wrong"
            )


def _from(info: VideoInfo, start: int, damage: _Damage) -> Iterator[tuple[int, _Decoded]]:
    """Frames with their indices, from `start` or earlier.

    Seeking is trusted only if every frame from the key frame to `start` is decoded; otherwise
    decoding restarts at the first packet.
    """
    if is_animation(info.path):
        yield from enumerate(pictures(info.path))
        return
    entry = max((entry for entry in info.entries if entry[0] <= start), default=(0, 0))
    if entry[0] > 0:
        expected = entry[0]
        run = _placed(info, entry[1], damage)
        for place, frame in run:
            if place < entry[0]:
                continue
            if place != expected or damage.faults:
                break
            if place == start:
                yield place, frame
                yield from run
                return
            expected += 1
        damage.faults.clear()
    yield from _placed(info, None, damage)


def _placed(
    info: VideoInfo, seek: int | None, damage: _Damage
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Decode from the start, or from the key frame at or before `seek`.

    Each frame's index is found by its time, or by counting.
    """
    places = {time: place for place, time in enumerate(info.times)} if info.by_time else {}
    following = 0
    with opened(info.path) as (container, stream):
        if seek is not None:
            container.seek(seek, stream=stream)
        for frame in decoded(container, stream, damage.faults):
            place = following if frame.pts is None else places.get(frame.pts, following)
            yield place, frame
            following = place + 1
