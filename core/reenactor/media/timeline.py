"""The times of a video's frames, from its packets, without decoding."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from reenactor.media.decode import exact

_SHOWN_VP8 = 0x10
"""The flag of a VP8 packet whose frame is shown, not only used for prediction."""


@dataclass(frozen=True)
class Timeline:
    """The frames of a video in presentation order.

    Attributes:
        times: strictly increasing, in units of `time_base` seconds.
        last: duration of the last frame, in the same units; 0 if unknown.
        time_base: seconds.
        entries: frames where decoding can start: a frame's index and the time to seek to.
        by_time: whether decoded frames can be identified by their times. If the packets have no
            reliable times, frames are counted from the start and `entries` is empty.
        problem: what seems to be missing, as the end of a sentence; empty if nothing does.
    """

    times: tuple[int, ...]
    last: int
    time_base: Fraction
    entries: tuple[tuple[int, int], ...]
    by_time: bool
    problem: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A packet with a frame to show, or with one that an edit list hides (`discarded`)."""

    time: int | None
    decoded: int | None
    duration: int
    key: bool
    timed: bool
    discarded: bool


def read_timeline(container: InputContainer, stream: VideoStream) -> Timeline:
    """Read all packets of a video stream."""
    packets: list[_Shown] = []
    problem = ""
    try:
        packets.extend(_packets(container, stream))
    except (av.FFmpegError, OSError) as error:
        problem = f"is damaged: {error.strerror or type(error).__name__}"
    problem = problem or _shortfall(packets, container, stream)
    packets = [packet for packet in packets if not packet.discarded]
    unit = exact(stream.time_base)
    if unit is None or any(packet.time is None for packet in packets):
        rate = exact(stream.average_rate) or Fraction(25)
        return Timeline(tuple(range(len(packets))), 1, 1 / rate, (), False, problem)
    packets.sort(key=lambda packet: packet.time or 0)
    times = [packet.time or 0 for packet in packets]
    by_time = len(set(times)) == len(times) and all(packet.timed for packet in packets)
    for place in range(1, len(times)):
        times[place] = max(times[place], times[place - 1] + 1)
    entries = [
        (place, times[place] if packet.decoded is None else packet.decoded)
        for place, packet in enumerate(packets)
        if packet.key and by_time
    ]
    last = packets[-1].duration if packets else 0
    problem = problem or _gap(times, unit)
    return Timeline(tuple(times), last, unit, tuple(entries), by_time, problem)


def _shortfall(packets: Sequence[_Shown], container: InputContainer, stream: VideoStream) -> str:
    """What a truncated file lacks according to its header; empty if nothing."""
    if stream.frames > len(packets):
        return f"is truncated: it has {len(packets)} of {stream.frames} frames"
    begins = [packet.time for packet in packets if packet.time is not None]
    ends = [packet.time + packet.duration for packet in packets if packet.time is not None]
    unit = exact(stream.time_base)
    if not ends or not unit:
        return ""
    promised = _tagged_duration(stream)
    held = max(ends) * unit
    if promised is None:
        promised = _stated_duration(container, stream)
        held -= min(begins) * unit
    if promised and held < promised * Fraction(98, 100) and held + Fraction(1, 5) < promised:
        return f"is truncated: it has {float(held):.1f} of {float(promised):.1f} seconds"
    return ""


def _stated_duration(container: InputContainer, stream: VideoStream) -> Fraction | None:
    """Duration of the pictures by the header, or of the file if it has no other stream."""
    unit = exact(stream.time_base)
    if stream.duration and unit:
        return stream.duration * unit
    if container.duration and len(container.streams) == 1:
        return Fraction(container.duration, av.time_base)
    return None


def _tagged_duration(stream: VideoStream) -> Fraction | None:
    """The end of a stream in seconds, from Matroska's tag such as 00:01:02.500000000."""
    text = stream.metadata.get("DURATION", "")
    match = re.fullmatch(r"(\d+):(\d+):(\d+(?:\.\d+)?)", text)
    if match is None:
        return None
    hours, minutes, seconds = (Fraction(part) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _gap(times: Sequence[int], unit: Fraction) -> str:
    """A gap of two frames or more in a video with an otherwise constant rate; empty if none."""
    steps = [after - before for before, after in pairwise(times)]
    if not steps:
        return ""
    usual = sorted(steps)[len(steps) // 2]
    even = sum(abs(step - usual) <= 1 for step in steps)
    widest = max(steps)
    if even < 0.9 * len(steps) or widest < 3 * usual:
        return ""
    place = steps.index(widest)
    return f"may be damaged: no frames for {float(widest * unit):.1f} seconds after frame {place}"


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[_Shown]:
    """The packets with frames to show, in decoding order."""
    hides = stream.codec_context.name in ("vp8", "libvpx")
    for packet in container.demux(stream):
        if packet.size == 0:
            continue
        if hides and not bytes(packet)[0] & _SHOWN_VP8:
            continue
        timed = packet.pts is not None
        time = packet.pts if timed else packet.dts
        yield _Shown(
            time=time,
            decoded=packet.dts,
            duration=packet.duration or 0,
            key=packet.is_keyframe,
            timed=timed,
            discarded=packet.is_discard,
        )


def rate_of(
    times: tuple[int, ...], time_base: Fraction, declared: list[Fraction | None]
) -> tuple[Fraction, bool]:
    """Frames per second, and whether the rate varies.

    The rate is exact if it predicts every time to within a tick, because containers round. It may
    be declared in the file, or a common one (25, 30000/1001, ...) near the mean. Otherwise the rate
    varies and the mean is returned.
    """
    known = [rate for rate in declared if rate is not None and rate > 0]
    if len(times) < 2:
        return (known[0] if known else Fraction(25)), False
    mean = (len(times) - 1) / ((times[-1] - times[0]) * time_base)
    whole = max(1, round(mean))
    ntsc = max(1, round(mean * Fraction(1001, 1000)))
    usual = [Fraction(whole), Fraction(ntsc * 1000, 1001)]
    for rate in (*_exact(times, mean), *known, *usual, _simple(mean), mean):
        if _explains(rate, times, time_base):
            return rate, False
    return _simple(mean), True


def _simple(rate: Fraction) -> Fraction:
    """A fraction of small numbers near a rate: never 0, however seldom a frame is shown."""
    if rate < 1:
        return 1 / (1 / rate).limit_denominator(1001)
    return rate.limit_denominator(1001)


def _exact(times: tuple[int, ...], mean: Fraction) -> list[Fraction]:
    """The mean, if all steps are equal and not rounded.

    Steps of few, coarse ticks, as in Matroska, may be equal only because of rounding.
    """
    steps = {after - before for before, after in pairwise(times)}
    return [mean] if len(steps) == 1 and steps.pop() >= 100 else []


def _explains(rate: Fraction, times: tuple[int, ...], time_base: Fraction) -> bool:
    """Whether the time of frame i is within a tick of i / rate seconds after the first."""
    ticks = 1 / (rate * time_base)
    step, first = (ticks.numerator, ticks.denominator), times[0]
    return all(
        abs((time - first) * step[1] - place * step[0]) <= step[1]
        for place, time in enumerate(times)
    )
