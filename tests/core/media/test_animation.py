"""Animated pictures as drivers: each kind, made by Pillow, with times of its own."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, features

from reenactor.errors import InputError
from reenactor.media.video import probe, read_frames, read_video

KINDS = ["webp", "gif", "png", "avif"]


def pictures(count: int = 6) -> list[Image.Image]:
    """A bar that walks to the right."""
    made = []
    for number in range(count):
        pixels = np.full((48, 64, 3), 40, np.uint8)
        pixels[:, 10 * number : 10 * number + 10] = 220
        made.append(Image.fromarray(pixels))
    return made


def animated(path: Path, durations: list[int]) -> Path:
    first, *others = pictures(len(durations))
    if path.suffix == ".avif" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    more: dict[str, Any] = {"lossless": True} if path.suffix == ".webp" else {}
    first.save(path, save_all=True, append_images=others, duration=durations, **more)
    return path


def bars(path: Path, start: int = 0) -> list[int]:
    """Where the bar is in each frame."""
    return [round(int((f.pixels[24, :, 0] > 130).argmax()) / 10) for f in read_video(path, start)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_shown_when_the_file_says(tmp_path: Path, kind: str) -> None:
    path = animated(tmp_path / f"a.{kind}", [40, 40, 80, 80, 40, 40])
    info = probe(path)
    times = [float((time - info.times[0]) * info.time_base) for time in info.times]
    assert times == pytest.approx([0, 0.04, 0.08, 0.16, 0.24, 0.28])
    assert info.size == (48, 64)
    assert bars(path) == [0, 1, 2, 3, 4, 5]
    assert bars(path, 3) == [3, 4, 5]
    assert not info.has_audio


def test_an_even_webp_has_an_exact_rate_and_a_duration(tmp_path: Path) -> None:
    path = animated(tmp_path / "a.webp", [40] * 6)
    info = probe(path)
    assert (info.fps, info.variable, info.duration) == (Fraction(25), False, Fraction(24, 100))
    assert [frame.index for frame in read_frames(info, [4, 1])] == [1, 4]
    assert np.array_equal(next(iter(read_video(path))).pixels, np.asarray(pictures()[0]))


def test_frames_for_no_time_are_shown_as_browsers_show_them(tmp_path: Path) -> None:
    path = animated(tmp_path / "a.webp", [40] * 6)
    content = path.read_bytes()
    at = content.index(b"ANMF") + 20
    assert content[at : at + 3] == (40).to_bytes(3, "little")
    path.write_bytes(content[:at] + bytes(3) + content[at + 3 :])
    assert probe(path).times[:3] == (0, 100, 140)


def test_alpha_lies_over_white(tmp_path: Path) -> None:
    clear = [Image.new("RGBA", (20, 10), (0, 0, 0, 0)), Image.new("RGBA", (20, 10), (9, 9, 9, 255))]
    path = tmp_path / "a.webp"
    clear[0].save(path, save_all=True, append_images=clear[1:], duration=40, lossless=True)
    first, second = (frame.pixels for frame in read_video(path))
    assert first.min() == 255
    assert second.max() == 9


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_webp_that_is_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = animated(tmp_path / "a.webp", [40] * 6)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match=r"a\.webp"):
        probe(path)


def test_a_webp_with_changed_bytes_is_read_or_refused(tmp_path: Path) -> None:
    path = animated(tmp_path / "a.webp", [40] * 6)
    content, chance = path.read_bytes(), np.random.default_rng(1)
    for _ in range(60):
        damaged = np.frombuffer(content, np.uint8).copy()
        damaged[chance.integers(12, len(damaged), 2)] = chance.integers(0, 256, 2)
        path.write_bytes(damaged.tobytes())
        try:
            info = probe(path)
            assert len(list(read_video(info))) == info.frames
        except InputError:
            continue


@pytest.mark.parametrize("kind", ["webp", "png", "avif", "jpg", "tif"])
def test_a_still_is_called_one(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    pictures(1)[0].save(path)
    with pytest.raises(InputError, match="is a single picture"):
        probe(path)
