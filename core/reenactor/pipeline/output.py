"""The writer of pass 2: pasting, encoding segments, and joining them at the end."""

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
from reenactor.pipeline.render import SEGMENT, RenderedFrame
from reenactor.pipeline.stopwatch import Stopwatch
from reenactor.values import Clip, Layer

Picture = npt.NDArray[np.uint8]

EXTRAS = ("parsing", "mask", "skeleton", "beside")
"""Other videos of a run: the generated parsing, the mask and the stick figure, on the canvas, and
the driver beside the result."""
BESIDE_HEIGHT = 540


@dataclass(frozen=True)
class OutputStream:
    """One of the videos to write: the result or an extra."""

    name: str
    output: Path
    kind: Format
    size: tuple[int, int]
    alpha: bool


def output_streams(
    output: Path,
    extras: Sequence[str],
    size: tuple[int, int],
    canvas: tuple[int, int],
    driver: tuple[int, int],
    alpha: bool,
) -> tuple[OutputStream, ...]:
    """The result's stream and one for each extra."""
    kind = format_of(output, alpha)
    streams = [OutputStream("result", output, kind, size, alpha)]
    for extra, path in zip(extras, output_paths(output, extras)[1:], strict=True):
        extent = _beside_size(driver, size) if extra == "beside" else canvas
        extra_kind = Format.FRAMES if kind is Format.FRAMES else Format.MP4
        streams.append(OutputStream(extra, path, extra_kind, extent, False))
    return tuple(streams)


def output_paths(output: Path, extras: Sequence[str]) -> list[Path]:
    """Paths of the result and of the extras beside it ("dance.mp4", "dance.mask.mp4")."""
    suffix = ".mp4"
    if format_of(output) is Format.FRAMES:
        suffix = ".png" if is_pattern(output) else ""
    return [output, *(output.with_name(f"{output.stem}.{extra}{suffix}") for extra in extras)]


class OutputWriter:
    """Writes rendered frames, in order, into segments. Runs in the sink's thread.

    `first` is the position of the first frame, at the start of a segment. `inputs` are files that
    must not have changed when a segment is finished.
    """

    def __init__(
        self,
        job: Job,
        streams: Sequence[OutputStream],
        clip: Clip,
        first: int,
        stopwatch: Stopwatch,
        inputs: Inputs = NOTHING,
    ) -> None:
        self.job = job
        self.streams = streams
        self.clip = clip
        self.stopwatch = stopwatch
        self.position = first
        self.inputs = inputs
        self.open: dict[str, SegmentWriter] = {}

    def write(self, one: RenderedFrame) -> None:
        """Paste and encode a frame; commit the segment after its last frame."""
        with self.stopwatch.timing("paste"):
            pictures = self._pictures(one)
        with self.stopwatch.timing("encode"):
            number = self.position // SEGMENT
            time = int(self.clip.times[one.index])
            for stream in self.streams:
                if stream.name not in self.open:
                    self.open[stream.name] = self._writer(stream, number)
                self.open[stream.name].write(pictures[stream.name], time)
            self.position += 1
            if self.position % SEGMENT == 0:
                self._commit(number, SEGMENT, one.past)

    def finish(self) -> None:
        """Commit the last, shorter segment."""
        if self.open:
            self._commit(self.position // SEGMENT, self.position % SEGMENT, None)

    def __enter__(self) -> "OutputWriter":
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
        paths = _files(self.job, self.streams, number)
        digests = {
            path.name: digest_of(self.open[stream.name].finish())
            for path, stream in zip(paths, self.streams, strict=True)
        }
        if past is not None:
            content = save({"image": past.image.contiguous(), "mask": past.mask.contiguous()})
            write_bytes(self.job.past(number), content)
            digests[self.job.past(number).name] = digest_of(self.job.past(number))
        self.inputs.require_unchanged()
        self.job.record(number, frames, digests)
        for stream in reversed(self.streams):  # the result last: if it exists, the segment is done
            self.open.pop(stream.name).commit()

    def _writer(self, stream: OutputStream, number: int) -> SegmentWriter:
        return SegmentWriter(
            self.job.segment(stream.name, number, stream.kind.segment_suffix),
            stream.kind,
            stream.size,
            self.clip.time_base,
            self.clip.fps,
            stream.alpha,
            stream.output,
        )

    def _pictures(self, one: RenderedFrame) -> Mapping[str, Picture]:
        result = one.picture(self.streams[0].size)
        pictures = {"result": result}
        for stream in self.streams[1:]:
            pictures[stream.name] = self._extra(stream, one, result)
        return pictures

    def _extra(self, stream: OutputStream, one: RenderedFrame, result: Picture) -> Picture:
        if stream.name == "parsing" and one.body is not None:
            return drawing.picture_of(drawing.parsing_picture(one.body))
        if stream.name == "mask":
            return drawing.picture_of(one.layer.mask.expand(-1, 3, -1, -1))
        if stream.name == "skeleton":
            return drawing.picture_of(drawing.stick_figure(one.pose.skeleton, one.pose.canvas))
        if stream.name == "beside" and one.frame is not None:
            return drawing.beside([one.frame.pixels, result[..., :3]], BESIDE_HEIGHT)
        return np.zeros((*stream.size, 3), np.uint8)


def missing_segments(job: Job, streams: Sequence[OutputStream], frames: int) -> list[range]:
    """Positions of the frames whose segments are missing or damaged, as runs."""
    runs: list[range] = []
    for number in range(segment_count(frames)):
        first = number * SEGMENT
        stop = min(first + SEGMENT, frames)
        if job.is_intact(number, stop - first, _files(job, streams, number)):
            continue
        if runs and runs[-1].stop == first:
            runs[-1] = range(runs[-1].start, stop)
        else:
            runs.append(range(first, stop))
    return runs


def _files(job: Job, streams: Sequence[OutputStream], number: int) -> list[Path]:
    return [job.segment(stream.name, number, stream.kind.segment_suffix) for stream in streams]


def segment_count(frames: int) -> int:
    """The number of segments of so many frames."""
    return -(-frames // SEGMENT)


def load_past(job: Job, done: int) -> Layer | None:
    """The frames before position `done`, the start of a segment, for a renderer with a history."""
    path = job.past(done // SEGMENT - 1)
    if done == 0 or not path.exists():
        return None
    arrays = load(path.read_bytes())
    return Layer(arrays["image"], arrays["mask"])


def join_outputs(
    job: Job,
    streams: Sequence[OutputStream],
    clip: Clip,
    indices: Sequence[int],
    audio_from: Path | None,
    metadata: Mapping[str, str],
    note: Note,
    credentials: Credentials | None = None,
) -> None:
    """Join the segments of every output; the result appears last."""
    # A whole clip keeps the sound before its first frame; a part keeps its own.
    start = None if indices[0] == 0 else _seconds(clip, indices[0])
    stop = None if indices[-1] + 1 == len(clip) else _seconds(clip, indices[-1] + 1)
    for stream in reversed(streams):
        paths = [
            job.segment(stream.name, number, stream.kind.segment_suffix)
            for number in range(segment_count(len(indices)))
        ]
        join(
            paths,
            stream.output,
            stream.kind,
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
