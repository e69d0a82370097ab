"""The writer's end of pass 2: pasting, encoding in segments, and joining them at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
from safetensors.torch import load, save

from reenactor.media.contents import NOTHING, Inputs, digest_of
from reenactor.media.credentials import Credentials
from reenactor.media.files import write_bytes
from reenactor.media.formats import Format, format_of, is_pattern
from reenactor.media.join import join
from reenactor.media.video import Note
from reenactor.media.writer import SegmentWriter
from reenactor.ops import drawing
from reenactor.pipeline.job import Job
from reenactor.pipeline.render import SEGMENT, Rendered
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.values import Clip, Layer

Picture = npt.NDArray[np.uint8]

EXTRAS = ("parsing", "mask", "skeleton", "beside")
"""Other pictures of a run: the generated parsing, the mask, the stick figure (on the canvas),
and the driver beside the result."""
BESIDE_HEIGHT = 540


@dataclass(frozen=True)
class Track:
    """One video in the making: the result, or an extra."""

    name: str
    output: Path
    kind: Format
    size: tuple[int, int]
    alpha: bool


def tracks_of(
    output: Path,
    extras: Sequence[str],
    size: tuple[int, int],
    canvas: tuple[int, int],
    driver: tuple[int, int],
    alpha: bool,
) -> tuple[Track, ...]:
    """The result's track, and one for each extra beside it."""
    kind = format_of(output, alpha)
    tracks = [Track("result", output, kind, size, alpha)]
    for extra, path in zip(extras, outputs_of(output, extras)[1:], strict=True):
        extent = _beside_size(driver, size) if extra == "beside" else canvas
        extra_kind = Format.FRAMES if kind is Format.FRAMES else Format.MP4
        tracks.append(Track(extra, path, extra_kind, extent, False))
    return tuple(tracks)


def outputs_of(output: Path, extras: Sequence[str]) -> list[Path]:
    """The result, and what stands beside it for each extra ("dance.mp4", "dance.mask.mp4")."""
    suffix = ".mp4"
    if format_of(output) is Format.FRAMES:
        suffix = ".png" if is_pattern(output) else ""
    return [output, *(output.with_name(f"{output.stem}.{extra}{suffix}") for extra in extras)]


class Writer:
    """Takes rendered frames in order and turns them into segments. Runs in the sink's thread.

    `first` is the place of the first frame, at which a segment begins; `inputs` are files that
    must not have changed when a segment is done.
    """

    def __init__(
        self,
        job: Job,
        tracks: Sequence[Track],
        clip: Clip,
        first: int,
        watch: Stopwatch,
        inputs: Inputs = NOTHING,
    ) -> None:
        self.job = job
        self.tracks = tracks
        self.clip = clip
        self.watch = watch
        self.position = first
        self.inputs = inputs
        self.open: dict[str, SegmentWriter] = {}

    def write(self, one: Rendered) -> None:
        """Paste and encode one frame; the last frame of a segment makes it durable."""
        with self.watch.timing("paste"):
            pictures = self._pictures(one)
        with self.watch.timing("encode"):
            number = self.position // SEGMENT
            time = int(self.clip.times[one.index])
            for track in self.tracks:
                if track.name not in self.open:
                    self.open[track.name] = self._writer(track, number)
                self.open[track.name].write(pictures[track.name], time)
            self.position += 1
            if self.position % SEGMENT == 0:
                self._commit(number, SEGMENT, one.past)

    def finish(self) -> None:
        """Make the last, shorter segment durable."""
        if self.open:
            self._commit(self.position // SEGMENT, self.position % SEGMENT, None)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer in self.open.values():
            writer.abort()

    def _commit(self, number: int, frames: int, past: Layer | None) -> None:
        paths = _files(self.job, self.tracks, number)
        digests = {
            path.name: digest_of(self.open[track.name].finish())
            for path, track in zip(paths, self.tracks, strict=True)
        }
        if past is not None:
            content = save({"image": past.image.contiguous(), "mask": past.mask.contiguous()})
            write_bytes(self.job.past(number), content)
            digests[self.job.past(number).name] = digest_of(self.job.past(number))
        self.inputs.require_unchanged()
        self.job.record(number, frames, digests)
        for track in reversed(self.tracks):  # the result last: where it is, all is done
            self.open.pop(track.name).commit()

    def _writer(self, track: Track, number: int) -> SegmentWriter:
        return SegmentWriter(
            self.job.segment(track.name, number, track.kind.segment_suffix),
            track.kind,
            track.size,
            self.clip.time_base,
            self.clip.fps,
            track.alpha,
            track.output,
        )

    def _pictures(self, one: Rendered) -> Mapping[str, Picture]:
        result = one.picture(self.tracks[0].size)
        pictures = {"result": result}
        for track in self.tracks[1:]:
            pictures[track.name] = self._extra(track, one, result)
        return pictures

    def _extra(self, track: Track, one: Rendered, result: Picture) -> Picture:
        if track.name == "parsing" and one.body is not None:
            return drawing.picture_of(drawing.parsing_picture(one.body))
        if track.name == "mask":
            return drawing.picture_of(one.layer.mask.expand(-1, 3, -1, -1))
        if track.name == "skeleton":
            return drawing.picture_of(drawing.stick_figure(one.pose.skeleton, one.pose.canvas))
        if track.name == "beside" and one.frame is not None:
            return drawing.beside([one.frame.pixels, result[..., :3]], BESIDE_HEIGHT)
        return np.zeros((*track.size, 3), np.uint8)


def missing(job: Job, tracks: Sequence[Track], frames: int) -> list[range]:
    """The frames, by place, whose segments are not there or not whole: runs of neighbours."""
    runs: list[range] = []
    for number in range(segments(frames)):
        first = number * SEGMENT
        stop = min(first + SEGMENT, frames)
        if job.is_whole(number, stop - first, _files(job, tracks, number)):
            continue
        if runs and runs[-1].stop == first:
            runs[-1] = range(runs[-1].start, stop)
        else:
            runs.append(range(first, stop))
    return runs


def _files(job: Job, tracks: Sequence[Track], number: int) -> list[Path]:
    return [job.segment(track.name, number, track.kind.segment_suffix) for track in tracks]


def segments(frames: int) -> int:
    """How many segments that many frames make."""
    return -(-frames // SEGMENT)


def past_of(job: Job, done: int) -> Layer | None:
    """What a renderer with a history saw before the frame at place `done`; its segment is whole."""
    path = job.past(done // SEGMENT - 1)
    if done == 0 or not path.exists():
        return None
    arrays = load(path.read_bytes())
    return Layer(arrays["image"], arrays["mask"])


def join_all(
    job: Job,
    tracks: Sequence[Track],
    clip: Clip,
    indices: Sequence[int],
    audio_from: Path | None,
    metadata: Mapping[str, str],
    note: Note,
    credentials: Credentials | None = None,
) -> None:
    """Make every output of its segments; the result appears last."""
    # The whole clip keeps even the sound before its first frame; a part has its part.
    start = None if indices[0] == 0 else _seconds(clip, indices[0])
    stop = None if indices[-1] + 1 == len(clip) else _seconds(clip, indices[-1] + 1)
    for track in reversed(tracks):
        paths = [
            job.segment(track.name, number, track.kind.segment_suffix)
            for number in range(segments(len(indices)))
        ]
        join(
            paths,
            track.output,
            track.kind,
            time_base=clip.time_base,
            fps=clip.fps,
            audio_from=audio_from,
            start_time=start,
            stop_time=stop,
            metadata=metadata,
            note=note,
            credentials=credentials,
        )


def _seconds(clip: Clip, index: int) -> Fraction:
    return int(clip.times[index]) * clip.time_base


def _beside_size(driver: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    width = sum(round(w * BESIDE_HEIGHT / h) for h, w in (driver, size))
    return BESIDE_HEIGHT, width
