"""Joining segments and the driver's sound into the output, without encoding the pictures again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from reenactor.errors import OutputError
from reenactor.media.credentials import Credentials
from reenactor.media.decode import open_file, open_to_read
from reenactor.media.encode import BITEXACT, FIRST_TIME, KEEP_KEYS, in_units
from reenactor.media.files import replacing, require_space
from reenactor.media.formats import Format
from reenactor.media.mark import h264_message, is_synthetic, marked, xmp_box
from reenactor.media.sequence import join_frames
from reenactor.media.sound import Sound, Span, start_of
from reenactor.media.video import Note, ignore
from reenactor.media.writer import encoder_error


def join(
    segments: Sequence[Path],
    output: Path,
    kind: Format,
    *,
    time_base: Fraction,
    fps: Fraction,
    audio_from: Path | None = None,
    start_time: Fraction | None = None,
    stop_time: Fraction | None = None,
    metadata: Mapping[str, str] | None = None,
    note: Note = ignore,
    credentials: Credentials | None = None,
) -> None:
    """Write `output` atomically, and read it back to check it.

    Args:
        segments: finished segments in order; they are kept.
        output: the file, folder or pattern to write.
        kind: the format of the output and of the segments.
        time_base: as given to `SegmentWriter`.
        fps: the usual rate, which gives the last frame's duration without `stop_time`.
        audio_from: the driver (or any file with sound on the same clock), whose sound is
            copied, or encoded if the format needs it.
        start_time: the start of a rendered range, in seconds on the driver's clock
            (`VideoInfo.times` times `time_base`). It becomes 0.
        stop_time: the end of the range.
        metadata: stored beside the mark that the output is synthetic.
        note: receives notes about missing or damaged sound.
        credentials: sign the output, or each frame, with these.

    Raises:
        OutputError: the output cannot be written, or a segment is missing, damaged or different.
        InputError: `audio_from` cannot be read.
    """
    if not segments:
        raise ValueError("nothing to join")
    texts = marked(metadata)
    if kind is Format.FRAMES:
        if audio_from is not None:
            note("frames have no sound: the driver's is left out")
        join_frames(segments, output, texts, credentials)
        return
    pictures = _Pictures(segments, kind.time_base(time_base), fps, stop_time)
    size = sum(segment.stat().st_size for segment in segments if segment.exists())
    require_space(output.parent, size)
    with replacing(output, size) as temporary:
        try:
            try:
                _write(pictures, temporary, kind, audio_from, start_time, texts, note)
            except av.FFmpegError as error:
                if audio_from is None or isinstance(error, OSError):
                    raise
                # the container refuses a copy of this sound: encode it
                _write(pictures, temporary, kind, audio_from, start_time, texts, note, False)
        except av.FFmpegError as error:
            raise encoder_error(output, error, size) from error
        if kind is not Format.WEBM:
            with temporary.open("ab") as file:
                file.write(xmp_box())
        if credentials is not None:
            credentials.sign(temporary, kind)
        _check(temporary, output, pictures.frames)


def _write(
    pictures: "_Pictures",
    path: Path,
    kind: Format,
    audio_from: Path | None,
    start_time: Fraction | None,
    texts: Mapping[str, str],
    note: Note,
    copies: bool = True,
) -> None:
    """Write the output's file: packets of pictures and sound in the order of their times."""
    options = dict(BITEXACT)
    if kind is not Format.WEBM:
        unit = str(pictures.unit.denominator)
        options |= {"video_track_timescale": unit, "movie_timescale": unit}
        options["movflags"] = KEEP_KEYS + "+faststart"
    with ExitStack() as stack:
        driver = None if audio_from is None else _driver(audio_from, stack, note)
        file = av.open(str(path.absolute()), "w", format=kind.value, options=options)
        stack.enter_context(file)
        file.metadata.update(texts)
        target = pictures.add_to(file)
        origin = pictures.first if start_time is None else start_time
        sound = None
        tracks: list[Iterator[tuple[Fraction, "Packet[Any]"]]] = []
        if driver is not None:
            if start_time is None:
                origin = min(origin, start_of(driver))
            sound = Sound(driver, file, kind, copies)
            tracks.append(sound.packets(Span(origin, start_time, pictures.stop)))
        tracks.insert(0, pictures.packets(target, origin))
        for _, packet in merge(*tracks, key=itemgetter(0)):
            file.mux(packet)
        if sound is not None and sound.damage:
            note(f"the sound is damaged ({sound.damage}): part of it is missing")


def _driver(path: Path, stack: ExitStack, note: Note) -> InputContainer | None:
    """The opened driver if it has usable sound."""
    driver = stack.enter_context(open_file(path))
    if not driver.streams.audio:
        return None
    if driver.streams.audio[0].codec_context is None:
        note(f"the sound of {path.name} has an unknown codec: it is left out")
        return None
    return driver


class _Pictures:
    """The packets of all segments as one stream.

    Attributes:
        unit: seconds in a unit of the stream's times.
        first: time of the first frame, in seconds on the driver's clock.
        stop: when the last one ends, likewise; None if the usual rate determines it.
        frames: the number of packets so far.
    """

    def __init__(
        self, segments: Sequence[Path], unit: Fraction, fps: Fraction, stop: Fraction | None
    ) -> None:
        self._segments = segments
        self._fps = fps
        self.unit = unit
        self.stop = stop
        self.frames = 0
        with _segment(segments[0]) as (_, _, first):
            self.first = first * unit

    def add_to(self, file: OutputContainer) -> VideoStream:
        """Add a stream like those of the segments to the output."""
        with _segment(self._segments[0]) as (_, stream, _):
            target = file.add_stream_from_template(stream, opaque=False)
            target.time_base = self.unit
            target.codec_context.framerate = self._fps
            if "alpha_mode" in stream.metadata:  # WebM: without it players show no transparency
                target.metadata["alpha_mode"] = stream.metadata["alpha_mode"]
            return target

    def packets(
        self, target: VideoStream, origin: Fraction
    ) -> Iterator[tuple[Fraction, "Packet[VideoStream]"]]:
        """Each packet with its time in seconds from the origin; each lasts until the next."""
        self.frames = 0
        end = None if self.stop is None else in_units(self.stop - origin, self.unit)
        before: "Packet[VideoStream] | None" = None
        for time, packet in self._timed(origin):
            packet.pts = packet.dts = time
            packet.time_base = self.unit
            packet.stream = target
            if before is not None:
                yield self._lasting(before, time)
            before = packet
        if before is not None and before.pts is not None:
            usual = before.pts + max(1, in_units(1 / self._fps, self.unit))
            yield self._lasting(before, usual if end is None else end)

    def _lasting(
        self, packet: "Packet[VideoStream]", until: int
    ) -> tuple[Fraction, "Packet[VideoStream]"]:
        time = packet.pts or 0
        packet.duration = max(1, until - time)
        self.frames += 1
        return time * self.unit, packet

    def _timed(self, origin: Fraction) -> Iterator[tuple[int, "Packet[VideoStream]"]]:
        """All packets with their times from the origin, which must increase."""
        kind: tuple[object, ...] | None = None
        last = -1
        for path in self._segments:
            with _segment(path) as (file, stream, first):
                context = stream.codec_context
                found = (context.name, context.width, context.height, context.extradata)
                kind = kind or found
                if found != kind:
                    raise _unfit(path, "another encoding than the segments before")
                for packet in file.demux(stream):
                    if packet.size == 0:
                        continue
                    seconds = first * self.unit + (packet.pts or 0) * packet.time_base
                    time = max(0, in_units(seconds - origin, self.unit))
                    if time <= last:
                        raise _unfit(path, "frames that are not after those before")
                    last = time
                    yield time, _marked(packet) if context.name == "h264" else packet


def _marked(packet: "Packet[VideoStream]") -> "Packet[VideoStream]":
    """The packet, with the H.264 mark if it is a key frame."""
    if not packet.is_keyframe:
        return packet
    out: "Packet[Any]" = Packet(h264_message() + bytes(packet))
    out.is_keyframe = True
    return out


@contextmanager
def _segment(path: Path) -> Iterator[tuple[InputContainer, VideoStream, int]]:
    """Open a segment: the file, its stream, its first frame's time in the format's unit."""
    try:
        file = open_to_read(path)
    except (av.FFmpegError, OSError) as error:
        raise _unfit(path, error.strerror or type(error).__name__) from error
    with file:
        texts = {key.lower(): value for key, value in file.metadata.items()}
        if not file.streams.video or FIRST_TIME not in texts:
            raise _unfit(path, "not a segment")
        yield file, file.streams.video[0], int(texts[FIRST_TIME])


def _unfit(path: Path, given: str) -> OutputError:
    return OutputError(
        f"cannot join the segment {path}",
        given=given,
        expected="a finished segment of the same job",
        advice="remove it and run again; its frames are rendered again",
    )


def _check(written: Path, output: Path, frames: int) -> None:
    """Check that the finished file has every frame and the mark."""
    with open_to_read(written) as file:
        found = sum(packet.size > 0 for packet in file.demux(video=0))
    if found != frames or not is_synthetic(written):
        raise OutputError(
            f"{output} was not written correctly",
            given=f"{found} frames",
            expected=f"{frames} frames, marked as synthetic",
            advice="check the disk and run again",
        )
