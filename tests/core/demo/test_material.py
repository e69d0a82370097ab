"""What ships for the demo is whole, small and as its README says."""

from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

import reenactor

FOLDER = Path(reenactor.__file__).parent / "demo"


def video(name: str) -> list[np.ndarray]:
    with av.open(str(FOLDER / name)) as box:
        return [frame.to_ndarray(format="rgb24") for frame in box.decode(video=0)]


def test_everything_together_is_under_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 2_000_000


@pytest.mark.parametrize("name", ["kofi", "vera", "arne"])
def test_a_photo_is_small_and_of_the_stated_size(name: str) -> None:
    path = FOLDER / f"{name}.jpg"
    picture = cv2.imread(str(path))
    assert picture is not None
    assert picture.shape == (960, 640, 3)
    assert path.stat().st_size < 150_000


def test_the_dance_has_eleven_seconds_of_picture_and_sound() -> None:
    with av.open(str(FOLDER / "dance.mp4")) as box:
        picture, sound = box.streams.video[0], box.streams.audio[0]
        assert (picture.width, picture.height) == (540, 720)
        assert picture.average_rate == 30
        assert picture.duration is not None
        assert sound.duration is not None
        assert picture.time_base is not None
        assert sound.time_base is not None
        seconds = float(picture.duration * picture.time_base)
        assert seconds == pytest.approx(328 / 30, abs=0.05)
        assert float(sound.duration * sound.time_base) == pytest.approx(seconds, abs=0.1)


def test_the_stage_ends_where_it_begins() -> None:
    frames = [frame.astype(np.float32) for frame in video("stage.mp4")]
    steps = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert np.abs(frames[0] - frames[-1]).mean() < 1.5 * max(steps)
