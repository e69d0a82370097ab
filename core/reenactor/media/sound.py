"""The driver's sound for an output: copied if the container supports the codec, else encoded."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.packet import Packet

from reenactor.media.decode import exact
from reenactor.media.formats import Format

_COPIED: dict[Format, frozenset[str]] = {
    Format.MP4: frozenset({"aac", "mp3", "mp3float", "ac3", "eac3", "alac"}),
    Format.MOV: frozenset(
        {"aac", "mp3", "mp3float", "ac3", "eac3", "alac", "pcm_s16le", "pcm_s24le"}
    ),
    Format.WEBM: frozenset({"opus", "libopus", "vorbis"}),
}
"""Decoders of the codecs that players support in each container."""

_ENCODERS = {Format.MP4: "aac", Format.MOV: "aac", Format.WEBM: "libopus"}
_RATE = 48000
_BIT_RATE = 192_000


def start_of(source: InputContainer) -> Fraction:
    """The start of a file's sound, in seconds on its clock."""
    stream = source.streams.audio[0]
    return (stream.start_time or 0) * (exact(stream.time_base) or Fraction(1))


@dataclass(frozen=True)
class Span:
    """The part of the driver's clock that an output covers, in seconds.

    `origin` becomes 0. Sound before `start` (if any) and from `stop` on is left out.
    """

    origin: Fraction
    start: Fraction | None = None
    stop: Fraction | None = None


class Sound:
    """Copies or encodes a driver's sound for one output. Create it before writing any packet.

    After the last packet, `damage` says why part of the sound is missing; empty if none is.
    """

    def __init__(
        self, source: InputContainer, output: OutputContainer, kind: Format, copies: bool = True
    ) -> None:
        """If `copies` is false, encode even if the codec is supported."""
        self._source = source
        self._stream = source.streams.audio[0]
        self.damage = ""
        self._webm = kind is Format.WEBM
        self._copies = copies and self._stream.codec_context.name in _COPIED[kind]
        if self._copies:
            self._target = output.add_stream_from_template(self._stream)
        else:
            self._target = self._encoder(output, _ENCODERS[kind])

    def _encoder(self, output: OutputContainer, codec: str) -> AudioStream:
        """A stream that encodes: 48 kHz, at most two channels."""
        target = output.add_stream(codec, rate=_RATE, bit_rate=_BIT_RATE)
        if not isinstance(target, AudioStream):
            raise TypeError(f"{codec} is not an audio encoder")
        mono = self._stream.codec_context.channels == 1
        target.codec_context.layout = "mono" if mono else "stereo"
        target.codec_context.time_base = Fraction(1, _RATE)
        return target

    def packets(self, span: Span) -> Iterator[tuple[Fraction, "Packet[AudioStream]"]]:
        """The sound of a span, each packet with its time in seconds from the origin.

        A copied packet that overlaps the beginning, and the one before it, are kept with negative
        times, which MP4 and MOV tell players to skip. WebM cannot, so they are left out there.
        """
        found = self._copied(span) if self._copies else self._encoded(span)
        last: int | None = None
        while True:
            try:
                packet = next(found)
            except StopIteration:
                return
            except av.FFmpegError as error:
                self.damage = error.strerror or type(error).__name__
                return
            if packet.pts is None or packet.dts is None:
                continue
            shift = round(span.origin / packet.time_base)
            packet.pts -= shift
            packet.dts -= shift
            if last is not None and packet.dts <= last:
                continue  # the driver's times jump back, which no container allows
            last = packet.dts
            packet.stream = self._target
            yield packet.pts * packet.time_base, packet

    def _copied(self, span: Span) -> Iterator["Packet[AudioStream]"]:
        for packet in self._source.demux(self._stream):
            if packet.size == 0 or packet.pts is None:
                continue
            begin = packet.pts * packet.time_base
            if span.stop is not None and begin >= span.stop:
                return
            # a packet is decoded with the help of the one before it
            reach = Fraction(0) if self._webm else 2 * (packet.duration or 0) * packet.time_base
            if span.start is None or begin + reach > span.start or begin == span.start:
                yield packet

    def _encoded(self, span: Span) -> Iterator["Packet[AudioStream]"]:
        encoder = self._target.codec_context
        for frame in self._trimmed(span):
            yield from encoder.encode(frame)
        yield from encoder.encode(None)

    def _trimmed(self, span: Span) -> Iterator[AudioFrame]:
        """The decoded sound, trimmed to the sample, with gaps filled with silence.

        The format is taken from each frame, because the stream's header may be wrong (as in MP2)
        and the format may change.
        """
        graph: Graph | None = None
        kind: tuple[str, str, int] | None = None
        for frame in self._decoded():
            if span.stop is not None and (frame.time or 0) > span.stop:
                break
            found = (frame.format.name, frame.layout.name, frame.sample_rate)
            if graph is None or found != kind:
                if graph is not None:
                    yield from _flushed(graph)
                graph, kind = self._graph(span, frame), found
            graph.push(frame)
            yield from _pulled(graph)
        if graph is not None:
            yield from _flushed(graph)

    def _decoded(self) -> Iterator[AudioFrame]:
        for packet in self._source.demux(self._stream):
            with suppress(av.FFmpegError):  # a damaged packet: `aresample` fills the gap
                yield from packet.decode()

    def _graph(self, span: Span, frame: AudioFrame) -> Graph:
        """Filters from the format of this frame to the encoder's."""
        graph = Graph()
        limits = [
            f"{name}={float(limit):.6f}"
            for name, limit in (("start", span.start), ("end", span.stop))
            if limit is not None
        ]
        layout = self._target.codec_context.layout.name
        form = self._target.codec_context.format.name
        nodes = [
            graph.add_abuffer(
                sample_rate=frame.sample_rate,
                format=frame.format.name,
                layout=frame.layout.name,
                time_base=frame.time_base or Fraction(1, frame.sample_rate),
            ),
            graph.add("atrim", ":".join(limits)),
            graph.add("aresample", "async=1000"),
            graph.add(
                "aformat", f"sample_fmts={form}:sample_rates={_RATE}:channel_layouts={layout}"
            ),
            graph.add("abuffersink"),
        ]
        graph.link_nodes(*nodes).configure()
        return graph


def _flushed(graph: Graph) -> Iterator[AudioFrame]:
    """Flush the graph."""
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: Graph) -> Iterator[AudioFrame]:
    """The frames that the graph has ready."""
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, AudioFrame):
            yield frame
