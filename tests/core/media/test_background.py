from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile, features

from reenactor.errors import InputError
from reenactor.media.background import filled, open_background

Film = Callable[..., Path]
SIZE = (48, 64)


def shade(pixels: np.ndarray) -> int:
    """Which grey of the films it is."""
    assert pixels.shape == (*SIZE, 3)
    assert pixels.dtype == np.uint8
    return round((float(pixels.mean()) - 20) / 10)


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("white", (255, 255, 255)),
        ("#ff8800", (255, 136, 0)),
        ("#f80", (255, 136, 0)),
        ("RoyalBlue", (65, 105, 225)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
    ],
)
def test_colours(name: str, colour: tuple[int, int, int]) -> None:
    with open_background(name, SIZE) as background:
        pixels = background.at(7, 0.3)
        assert pixels.shape == (*SIZE, 3)
        assert set(map(tuple, pixels.reshape(-1, 3).tolist())) == {colour}


def test_pictures_are_cut_to_cover() -> None:
    """Of a picture 30 wide and 20 high, a square shows the middle 20 columns."""
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[:, 5:25] = 200
    assert (filled(picture, (20, 20)) == 200).all()
    assert (filled(picture, (40, 40))[:, 4:-4] == 200).all()
    assert filled(picture, (7, 100)).shape == (7, 100, 3)
    assert filled(picture, (333, 11)).shape == (333, 11, 3)


def test_a_picture_is_the_same_for_all_frames_and_each_may_be_drawn_on(tmp_path: Path) -> None:
    path = tmp_path / "b.png"
    Image.new("RGB", (10, 10), (9, 8, 7)).save(path)
    background = open_background(str(path), SIZE)
    first = background.at(0, 0)
    first[:] = 0
    assert background.at(1, 1)[20, 20].tolist() == [9, 8, 7]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "notes.txt").touch()
    for index in range(11):
        Image.new("RGB", (64, 48), (20 + 10 * index,) * 3).save(folder / f"f{index}.png")
    return folder


def test_a_folder_gives_its_pictures_in_human_order(folder: Path) -> None:
    loop = open_background(str(folder), SIZE)
    assert [shade(loop.at(index, 0)) for index in (0, 2, 9, 10, 11, 23)] == [0, 2, 9, 10, 0, 1]
    hold = open_background(str(folder), SIZE, after="hold")
    assert [shade(hold.at(index, 0)) for index in (3, 10, 11, 500)] == [3, 10, 10, 10]


def test_a_folder_can_have_its_own_rate(folder: Path) -> None:
    slow = open_background(str(folder), SIZE, fps=Fraction(10))
    assert [shade(slow.at(99, Fraction(place, 30))) for place in (0, 2, 3, 6, 33)] == [
        0,
        0,
        1,
        2,
        0,
    ]


def test_a_video_is_resampled_by_time(film: Film) -> None:
    """25 frames per second behind a driver of 30000/1001."""
    path = film("b.mp4", 20)
    with open_background(str(path), SIZE) as background:
        times = [Fraction(1001 * index, 30000) for index in range(24)]
        expected = [int(time * 25 + Fraction(1, 512)) for time in times]
        assert expected.count(5) + expected.count(6) > 2
        assert [shade(background.at(i, time)) for i, time in enumerate(times)] == expected


@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24)])
@pytest.mark.parametrize("name", ["b.webm", "b.mp4"])
def test_equal_rates_give_frame_for_frame(film: Film, rate: Fraction, name: str) -> None:
    """Though WebM rounds its times to milliseconds, and floats round too."""
    codec = "libvpx-vp9" if name == "b.webm" else "libx264"
    path = film(name, 20, rate=rate, codec=codec)
    with open_background(str(path), SIZE) as background:
        assert [shade(background.at(i, float(i / rate))) for i in range(20)] == list(range(20))


def test_a_video_loops_or_holds(film: Film) -> None:
    path = film("b.mp4", 10)  # 0.4 seconds
    with open_background(str(path), SIZE) as loop:
        found = [shade(loop.at(index, Fraction(index, 25))) for index in range(23)]
        assert found == [*range(10), *range(10), 0, 1, 2]
    with open_background(str(path), SIZE, after="hold") as hold:
        found = [shade(hold.at(index, Fraction(index, 25))) for index in range(13)]
        assert found == [*range(10), 9, 9, 9]


def test_a_video_can_be_asked_anywhere_in_any_order(film: Film) -> None:
    path = film("b.mp4", 20, options={"g": "4"})
    order = [13, 14, 3, 3, 19, 0, 7, 8, 18]
    with open_background(str(path), SIZE) as background:
        assert [shade(background.at(0, Fraction(index, 25))) for index in order] == order
    assert shade(background.at(0, Fraction(5, 25))) == 5  # closed, and opened again
    background.close()


def test_damage_is_told_once(film: Film, notes: list[str]) -> None:
    tiles = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
    path = film("b.mp4", [np.roll(tiles, 3 * index, 1) for index in range(40)])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 1500] = bytes(1500)
    path.write_bytes(content)
    with open_background(str(path), SIZE, note=notes.append) as background:
        for index in range(100):
            background.at(index, Fraction(index, 25))
    assert len(notes) == 1


def test_what_is_no_background_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such background: whte") as caught:
        open_background("whte", SIZE)
    assert "#ff8800" in caught.value.expected
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="contains no pictures"):
        open_background(str(empty), SIZE)
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    with pytest.raises(InputError, match="as a video"):
        open_background(str(text), SIZE)
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    with pytest.raises(InputError, match="as an image"):
        open_background(str(broken), SIZE)


@pytest.mark.parametrize("kind", ["webp", "png", "avif"])
def test_an_animation_plays_as_a_video_does(tmp_path: Path, kind: str) -> None:
    if kind == "avif" and not features.check("avif"):
        pytest.skip("this Pillow writes no AVIF")
    path = tmp_path / f"a.{kind}"
    first, *others = [Image.new("L", (64, 48), grey).convert("RGB") for grey in (20, 120, 220)]
    first.save(path, save_all=True, append_images=others, duration=100)
    with open_background(path, (48, 64)) as background:
        shades = [shade(background.at(0, Fraction(place, 10))) for place in range(5)]
    assert shades == [0, 10, 20, 0, 10]


@pytest.mark.parametrize("kind", ["webp", "avif", "jp2"])
def test_a_folder_may_hold_every_kind_of_picture(tmp_path: Path, kind: str) -> None:
    try:
        Image.new("RGB", (64, 48), "#787878").save(tmp_path / f"0.{kind}")
    except (KeyError, OSError, ValueError):
        pytest.skip(f"this Pillow writes no {kind}")
    with open_background(tmp_path, (48, 64)) as background:
        assert shade(background.at(0, 0)) == 10


def test_a_damaged_picture_of_a_folder_is_an_input_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError("Failed to decode image")

    Image.new("RGB", (64, 48)).save(tmp_path / "0.png")
    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    with open_background(tmp_path, (48, 64)) as background, pytest.raises(InputError):
        background.at(0, 0)
