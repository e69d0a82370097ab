from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from reenactor.media.colour import over_white, shown, tone_mapped
from reenactor.media.video import probe, read_video

Film = Callable[..., Path]
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (200, 30, 90)]
BT601, BT709 = 5, 1


def fill(colour: tuple[int, int, int], height: int = 48, width: int = 64) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def decoded(path: Path) -> list[list[int]]:
    """The colour in the middle of each frame."""
    return [frame.pixels[24, 32].astype(int).tolist() for frame in read_video(path)]


@pytest.mark.parametrize("space", [BT601, BT709])
@pytest.mark.parametrize("full", [False, True])
def test_tagged_colours_come_back(film: Film, space: int, full: bool) -> None:
    tags = {"colorspace": {BT601: 6, BT709: 1}[space], "color_range": 2 if full else 1}
    path = film(
        "c.mp4",
        [fill(colour) for colour in COLOURS],
        space=space,
        full=full,
        tags=tags,
        options={"crf": "1"},
    )
    assert np.abs(np.subtract(decoded(path), COLOURS)).max() <= 3


@pytest.mark.parametrize(("height", "width", "space"), [(48, 64, BT601), (720, 64, BT709)])
def test_untagged_colours_are_read_as_players_do(
    film: Film, height: int, width: int, space: int
) -> None:
    pictures = [fill(colour, height, width) for colour in COLOURS]
    path = film("c.mp4", pictures, space=space, options={"crf": "1"})
    assert np.abs(np.subtract(decoded(path), COLOURS)).max() <= 3


@pytest.mark.parametrize(
    ("codec", "layout"),
    [
        ("libx264", "yuv420p10le"),
        ("libx264", "yuv444p"),
        ("libx264", "yuv422p10le"),
        ("ffv1", "gbrp10le"),
        ("ffv1", "bgra"),
        ("mjpeg", "yuvj420p"),
    ],
)
def test_depths_and_layouts(film: Film, codec: str, layout: str) -> None:
    path = film(
        "c.mkv",
        [fill(colour) for colour in COLOURS],
        codec=codec,
        layout=layout,
        space=BT601,
        full=layout.startswith("yuvj"),
        options={"crf": "1"} if codec == "libx264" else {},
    )
    assert np.abs(np.subtract(decoded(path), COLOURS)).max() <= 4


def test_grey_video(film: Film) -> None:
    path = film("g.mkv", [fill((90, 90, 90))], codec="ffv1", layout="gray")
    assert np.abs(np.subtract(decoded(path), 90)).max() <= 1


def test_the_conversion_has_no_bias() -> None:
    """Against the matrix of BT.709, worked out here."""
    drawn = np.random.default_rng(0).integers(0, 256, (60, 3))
    misses = []
    for red, green, blue in drawn / 255:
        luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        y = round(16 + 219 * luma)
        u, v = round(128 + 224 * (blue - luma) / 1.8556), round(128 + 224 * (red - luma) / 1.5748)
        frame = av.VideoFrame(64, 32, "yuv420p")
        for plane, value in zip(frame.planes, (y, u, v), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.colorspace, frame.color_range = 1, 1
        light, b, r = (y - 16) / 219, (u - 128) / 224 * 1.8556, (v - 128) / 224 * 1.5748
        exact = np.array([light + r, light - (0.2126 * r + 0.0722 * b) / 0.7152, light + b])
        misses.append(shown(frame, (32, 64))[10, 20] - np.clip(exact * 255, 0, 255))
    assert np.abs(misses).max() < 1
    assert np.abs(np.mean(misses, 0)).max() < 0.1


def test_transparent_video_lies_over_white(film: Film) -> None:
    picture = np.dstack([fill((255, 0, 0)), np.full((48, 64), 255, np.uint8)])
    picture[:, 40:, 3] = 0
    path = film("a.mov", [picture], codec="qtrle", layout="argb")
    pixels = next(read_video(path)).pixels
    assert pixels[20, 10].tolist() == [255, 0, 0]
    assert pixels[20, 50].tolist() == [255, 255, 255]


def test_over_white_is_exact() -> None:
    pixels = np.array([[[100, 0, 255, 128], [10, 20, 30, 255], [10, 20, 30, 0]]], np.uint8)
    assert over_white(pixels).tolist() == [[[177, 127, 255], [10, 20, 30], [255, 255, 255]]]


def pq(nits: float) -> float:
    """SMPTE ST 2084's inverse EOTF."""
    power = (nits / 10000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


@pytest.mark.parametrize("is_pq", [True, False])
def test_hdr_reference_white_is_nearly_white_and_order_is_kept(is_pq: bool) -> None:
    """BT.2408: reference white is 58 % of PQ and 75 % of HLG; 26 nits are 38 % and 38 %."""
    signals = np.linspace(0, 65535, 400).astype(np.uint16)
    ramp = np.repeat(signals[None, :, None], 3, 2)
    mapped = tone_mapped(ramp, is_pq)[0].astype(int)
    assert np.ptp(mapped, 1).max() <= 1  # grey stays grey
    assert (np.diff(mapped[:, 0]) >= 0).all()
    white = mapped[int((0.5807 if is_pq else 0.75) * 399), 0]
    assert 240 <= white <= 250
    assert mapped[0, 0] == 0
    assert mapped[-1, 0] >= 254


@pytest.mark.parametrize("nits", [1.0, 10.0, 50.0, 100.0])
def test_hdr_midtones_are_shown_as_bright_as_sdr_would(nits: float) -> None:
    """BT.1886: light is the signal to the power of 2.4, white at 203 nits."""
    signal = round(pq(nits) * 65535)
    mapped = tone_mapped(np.full((1, 1, 3), signal, np.uint16), True)
    assert abs(int(mapped[0, 0, 0]) - 255 * (nits / 203) ** (1 / 2.4)) <= 2


def test_hdr_colours_move_to_the_narrower_gamut() -> None:
    """BT.709's red of 50 nits, in BT.2020's coordinates (BT.2087), comes out as that red."""
    light = np.array([0.6274, 0.0691, 0.0164]) * 50
    signal = np.array([[[round(pq(value) * 65535) for value in light]]], np.uint16)
    red, green, blue = tone_mapped(signal, True)[0, 0].astype(int)
    assert abs(red - 255 * (50 / 203) ** (1 / 2.4)) <= 2
    assert max(green, blue) <= 12


def test_hdr_file(film: Film) -> None:
    """A grey of 50 nits in a PQ file."""
    grey = np.full((48, 64, 3), round(pq(50) * 65535), np.uint16)
    tags = {"colorspace": 9, "color_range": 1, "color_trc": 16, "color_primaries": 9}
    path = film(
        "h.mkv",
        [grey],
        codec="ffv1",
        layout="yuv420p10le",
        space=9,
        tags=tags,
    )
    assert probe(path).size == (48, 64)
    assert np.abs(np.subtract(decoded(path), 255 * (50 / 203) ** (1 / 2.4))).max() <= 3
