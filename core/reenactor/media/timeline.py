"""When the frames of a video are shown, found by reading its packets without decoding."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import av
from av.container import InputContainer
from av.video.stream import VideoStream

_SHOWN_VP8 = 0x10
"""The bit of a VP8 packet that says it is a frame to show, not one only to predict from."""


@dataclass(frozen=True)
class Timeline:
    """The frames of a video in the order of showing.

    Attributes:
        times: strictly rising, in units of `time_base` seconds.
        last: how long the last frame is shown, in the same units; 0 where unknown.
        time_base: seconds.
        entries: places where decoding can begin: a frame's place and the time to seek for.
        by_time: whether decoded frames can be recognised by their times. Where the packets
            carry no reliable ones, frames are counted from the beginning and `entries` is empty.
        damage: why reading stopped before the end of the file; empty where it did not.
    """

    times: tuple[int, ...]
    last: int
    time_base: Fraction
    entries: tuple[tuple[int, int], ...]
    by_time: bool
    damage: str


@dataclass(frozen=True)
class _Shown:
    """A packet that holds a frame to show."""

    time: int | None
    decoded: int | None
    duration: int
    key: bool
    timed: bool


def read_timeline(container: InputContainer, stream: VideoStream) -> Timeline:
    """Read all packets of a video stream."""
    packets: list[_Shown] = []
    damage = ""
    try:
        packets.extend(_packets(container, stream))
    except (av.FFmpegError, OSError) as error:
        damage = error.strerror or type(error).__name__
    fallback = stream.average_rate or Fraction(25)
    time_base = stream.time_base
    if time_base is None or any(packet.time is None for packet in packets):
        return _counted(packets, Fraction(1, fallback), damage)
    packets.sort(key=lambda packet: packet.time or 0)
    times = [packet.time or 0 for packet in packets]
    unique = len(set(times)) == len(times)
    by_time = unique and all(packet.timed for packet in packets)
    for place in range(1, len(times)):
        times[place] = max(times[place], times[place - 1] + 1)
    entries = [
        (place, times[place] if packet.decoded is None else packet.decoded)
        for place, packet in enumerate(packets)
        if packet.key and by_time
    ]
    last = packets[-1].duration if packets else 0
    return Timeline(tuple(times), last, time_base, tuple(entries), by_time, damage)


def _counted(packets: list[_Shown], time_base: Fraction, damage: str) -> Timeline:
    """A raw stream without times: frames follow each other evenly."""
    return Timeline(tuple(range(len(packets))), 1, time_base, (), False, damage)


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[_Shown]:
    """The packets that hold frames to show, in the order of decoding."""
    hides = stream.codec_context.name in ("vp8", "libvpx")
    for packet in container.demux(stream):
        if packet.size == 0 or packet.is_discard:
            continue
        if hides and not bytes(packet)[0] & _SHOWN_VP8:
            continue
        timed = packet.pts is not None
        time = packet.pts if timed else packet.dts
        yield _Shown(time, packet.dts, packet.duration or 0, packet.is_keyframe, timed)


def rate_of(
    times: tuple[int, ...], time_base: Fraction, declared: list[Fraction | None]
) -> tuple[Fraction, bool]:
    """Frames per second, and whether they vary.

    The rate is exact where one explains every time to within a tick: containers round. It may
    be one that the file declares, or a usual one (25, 30000/1001, ...) near the mean. Otherwise
    the rate varies and the mean is given.
    """
    known = [rate for rate in declared if rate is not None and rate > 0]
    if len(times) < 2:
        return (known[0] if known else Fraction(25)), False
    mean = (len(times) - 1) / ((times[-1] - times[0]) * time_base)
    whole = max(1, round(mean))
    ntsc = max(1, round(mean * Fraction(1001, 1000)))
    usual = [Fraction(whole), Fraction(ntsc * 1000, 1001)]
    for rate in (*_exact(times, mean), *known, *usual, mean.limit_denominator(1001), mean):
        if _explains(rate, times, time_base):
            return rate, False
    return mean.limit_denominator(1001), True


def _exact(times: tuple[int, ...], mean: Fraction) -> list[Fraction]:
    """The mean itself, if all steps are the same number of ticks and a tick is fine enough not
    to have rounded them (coarse ones, as in Matroska, are rounded even where they look even)."""
    steps = {after - before for before, after in pairwise(times)}
    return [mean] if len(steps) == 1 and steps.pop() >= 100 else []


def _explains(rate: Fraction, times: tuple[int, ...], time_base: Fraction) -> bool:
    """Whether frame i is shown within a tick of i / rate seconds after the first."""
    ticks = 1 / (rate * time_base)
    step, first = (ticks.numerator, ticks.denominator), times[0]
    return all(
        abs((time - first) * step[1] - place * step[0]) <= step[1]
        for place, time in enumerate(times)
    )
