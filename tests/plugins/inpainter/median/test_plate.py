"""Clean plates from samples in which somebody is in the way."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.inpainter.median.plate import plates, seen_from

SIZE = (120, 200)


def world(seed: int = 0) -> np.ndarray:
    """A textured world, larger than what a camera sees."""
    noise = np.random.default_rng(seed).random((240, 400, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.asarray(40 + 170 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)


def film(views: list[np.ndarray], step: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Somebody red walks through the views."""
    pictures, holes = [], []
    for t, seen in enumerate(views):
        picture, hole = seen.copy(), np.zeros(SIZE, bool)
        left = 10 + step * t
        picture[30:100, left : left + 30] = (200, 20, 20)
        hole[28:102, left - 2 : left + 32] = True
        pictures.append(picture)
        holes.append(hole)
    return np.stack(pictures), np.stack(holes)


def camera(x: int, y: int, seed: int = 0) -> np.ndarray:
    return world(seed)[y : y + SIZE[0], x : x + SIZE[1]]


def test_a_still_camera_gives_the_scene_itself() -> None:
    (plate,) = plates(*film([camera(50, 50)] * 6), seed=0)
    assert plate.view is None
    assert plate.seen.all()
    assert np.array_equal(plate.picture, camera(50, 50))


def test_exposure_is_evened_out() -> None:
    lights = (1.0, 1.06, 0.94, 1.0, 1.05, 0.95)
    views = [(camera(50, 50) * light).clip(0, 255).astype(np.uint8) for light in lights]
    (plate,) = plates(*film(views), seed=0)
    off = np.abs(plate.picture.astype(int) - camera(50, 50))
    assert off.mean() < 1.5


def test_what_is_never_seen_is_made_up() -> None:
    (plate,) = plates(*film([camera(50, 50)] * 4, step=0), seed=0)
    hidden = ~plate.seen
    assert hidden.sum() == 74 * 34
    assert np.array_equal(plate.picture[plate.seen], camera(50, 50)[plate.seen])
    red = plate.picture[..., 0].astype(int) - plate.picture[..., 1]
    assert red[hidden].max() < 150  # nobody red


def test_cuts_give_a_plate_each_and_single_shots_none() -> None:
    views = [camera(0, 0, seed) for seed in (1, 1, 1, 2, 2, 3, 1)]
    found = plates(*film(views), seed=0)
    assert len(found) == 2
    assert np.abs(found[0].picture.astype(int) - camera(0, 0, 1)).mean() < 1
    assert (
        np.abs(found[1].picture.astype(int)[found[1].seen] - camera(0, 0, 2)[found[1].seen]).max()
        == 0
    )


def test_a_camera_that_pans_gives_one_larger_plate() -> None:
    places = [(50, 50), (60, 54), (72, 58), (84, 62), (96, 58)]
    (plate,) = plates(*film([camera(*place) for place in places]), seed=0)
    assert plate.view is not None
    height, width = plate.seen.shape
    assert height == pytest.approx(SIZE[0] + 12, abs=2)
    assert width == pytest.approx(SIZE[1] + 46, abs=2)
    back, hidden = seen_from(plate.picture, ~plate.seen, np.linalg.inv(plate.place), SIZE)
    inner = np.zeros(SIZE, bool)
    inner[4:-4, 4:-4] = True
    off = np.abs(back.astype(int) - camera(50, 50)).max(-1)
    assert np.median(off[inner & ~hidden]) < 8
