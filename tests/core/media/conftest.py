"""Tiny films, made with PyAV alone, so that nothing that is tested makes its own examples.

Segments are the exception: only their writer makes them.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from reenactor.media.formats import Format
from reenactor.media.writer import SegmentWriter

UNIT, FPS = Fraction(1, 30000), Fraction(30000, 1001)


def level(index: int) -> int:
    """The grey of frame `index`: ten apart, so that no codec confuses two."""
    return 20 + 10 * (index % 22)


def greys(count: int, height: int = 48, width: int = 64) -> list[np.ndarray]:
    return [np.full((height, width, 3), level(index), np.uint8) for index in range(count)]


def sweep(seconds: float, rate: int) -> Iterable[av.AudioFrame]:
    """A tone that rises from 300 Hz by 600 Hz a second, so that no two moments sound alike."""
    total = int(seconds * rate)
    time = np.arange(total) / rate
    wave = (np.sin(2 * np.pi * (300 * time + 300 * time**2)) * 12000).astype(np.int16)
    for start in range(0, total, 1024):
        piece = np.repeat(wave[start : start + 1024], 2)[None]
        frame = av.AudioFrame.from_ndarray(piece, format="s16", layout="stereo")
        frame.sample_rate = rate
        frame.pts = start
        frame.time_base = Fraction(1, rate)
        yield frame


def make_film(
    path: Path,
    pictures: Sequence[np.ndarray],
    *,
    codec: str = "libx264",
    layout: str = "yuv420p",
    rate: Fraction = Fraction(25),
    time_base: Fraction | None = None,
    times: Sequence[int] | None = None,
    options: dict[str, str] | None = None,
    file_options: dict[str, str] | None = None,
    space: int | None = None,
    full: bool = False,
    tags: dict[str, int] | None = None,
    aspect: Fraction | None = None,
    turn: tuple[float, bool] | None = None,
    sound: float = 0,
    sound_codec: str = "aac",
    sound_start: int = 0,
    sound_rate: int = 44100,
) -> Path:
    """Encode pictures (RGB, RGBA or 16-bit RGB) into a file.

    `space` is swscale's number of the colour matrix (1: BT.709, 5: BT.601, 9: BT.2020), `tags`
    go into the file as they are, `turn` is an angle and whether it is mirrored.
    """
    height, width, depth = pictures[0].shape
    given = {(3, 1): "rgb24", (4, 1): "rgba", (3, 2): "rgb48le"}[depth, pictures[0].itemsize]
    time_base = time_base or 1 / rate
    times = range(len(pictures)) if times is None else times
    with av.open(str(path), "w", options=file_options or {}) as file:
        stream: Any = file.add_stream(codec, rate=rate, options=options or {})
        stream.height, stream.width, stream.pix_fmt = height, width, layout
        stream.codec_context.time_base = time_base
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if turn is not None:
            stream.set_display_rotation(turn[0], hflip=turn[1])
        for name, value in (tags or {}).items():
            setattr(stream.codec_context, name, value)
        audio: Any = file.add_stream(sound_codec, rate=sound_rate) if sound else None
        for picture, time in zip(pictures, times, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format=given).reformat(
                format=layout, dst_colorspace=space, dst_color_range=2 if full else 1
            )
            for name, value in (tags or {}).items():
                setattr(frame, name, value)
            frame.pts, frame.time_base = time, time_base
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if audio is not None:
            for piece in sweep(sound, sound_rate):
                piece.pts = (piece.pts or 0) + sound_start
                file.mux(audio.encode(piece))
            file.mux(audio.encode(None))
    return path


@pytest.fixture
def film(tmp_path: Path) -> Callable[..., Path]:
    """Makes a film in the test's folder: a name, pictures or a number of greys, and options."""

    def make(name: str, pictures: Any = 10, **options: Any) -> Path:
        chosen = greys(pictures) if isinstance(pictures, int) else pictures
        return make_film(tmp_path / name, chosen, **options)

    return make


@pytest.fixture
def notes() -> list[str]:
    """Where a test collects what it is told."""
    return []


def overlay(index: int, alpha: bool = False) -> np.ndarray:
    """Frame `index` of the segments: a grey, six apart; with alpha, seen through a window."""
    shade = np.full((48, 64, 3), 20 + 6 * (index % 35), np.uint8)
    if not alpha:
        return shade
    cover = np.zeros((48, 64, 1), np.uint8)
    cover[8:40, 8 : 40 + index % 8] = 255
    return np.concatenate([shade, cover], 2)


def make_segments(
    folder: Path,
    kind: Format,
    times: Sequence[int],
    lengths: Sequence[int],
    alpha: bool = False,
    unit: Fraction = UNIT,
) -> list[Path]:
    """Frames 0, 1, ... at the given times, in segments of the given lengths."""
    paths = []
    done = 0
    for length in lengths:
        path = folder / f"{done:06d}{kind.segment_suffix}"
        with SegmentWriter(path, kind, (48, 64), unit, FPS, alpha) as writer:
            for index in range(done, done + length):
                writer.write(overlay(index, alpha), times[index])
        paths.append(path)
        done += length
    assert done == len(times)
    return paths


def packets_of(path: Path, kind: str = "video") -> list[Any]:
    with av.open(str(path)) as file:
        stream = file.streams.get({kind: 0})[0]
        return [packet for packet in file.demux(stream) if packet.size]


def seconds_of(path: Path, kind: str = "video") -> list[Fraction]:
    return [packet.pts * packet.time_base for packet in packets_of(path, kind)]


@pytest.fixture
def segments(tmp_path: Path) -> Callable[..., list[Path]]:
    """Makes segments: a folder's name, the format, all times, the length of each segment."""

    def make(folder: str, *rest: Any, **options: Any) -> list[Path]:
        return make_segments(tmp_path / folder, *rest, **options)

    return make


@pytest.fixture
def picture() -> Callable[..., np.ndarray]:
    """Gives frame `index` of the segments."""
    return overlay


@pytest.fixture
def packets() -> Callable[..., list[Any]]:
    """Gives the packets of a file's first stream of a kind, in the order of decoding."""
    return packets_of


@pytest.fixture
def seconds() -> Callable[..., list[Fraction]]:
    """Gives their times."""
    return seconds_of
