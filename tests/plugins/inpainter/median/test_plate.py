"""Clean plates from samples in which somebody is in the way."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.inpainter.median.plate import (
    Plate,
    Sample,
    completed,
    median_plate,
    nearest_plate,
    seen_from,
)

SIZE = (120, 200)
STAY = np.eye(3)


def world(seed: int = 0) -> np.ndarray:
    """A textured world, larger than what a camera sees."""
    noise = np.random.default_rng(seed).random((240, 400, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.asarray(40 + 170 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)


def camera(x: int, y: int) -> np.ndarray:
    return world()[y : y + SIZE[0], x : x + SIZE[1]]


def film(
    views: list[np.ndarray], step: int = 24, places: list[np.ndarray] | None = None
) -> list[Sample]:
    """Somebody red walks through the views."""
    samples = []
    for t, seen in enumerate(views):
        picture, hole = seen.copy(), np.zeros(SIZE, bool)
        left = 10 + step * t
        picture[30:100, left : left + 30] = (200, 20, 20)
        hole[28:102, left - 2 : left + 32] = True
        samples.append(Sample(picture, hole, None if places is None else places[t]))
    return samples


def moved(x: int, y: int) -> np.ndarray:
    return np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1.0]])


def test_a_still_camera_gives_the_scene_itself() -> None:
    plate = median_plate(film([camera(50, 50)] * 6), SIZE, STAY)
    assert plate.seen.all()
    assert np.array_equal(plate.picture, camera(50, 50))


def test_a_place_that_changes_is_not_calm() -> None:
    """Somebody blue dances in the background, away from the hole."""
    samples = film([camera(50, 50)] * 6, step=0)
    for t in (1, 4):
        samples[t].picture[40:80, 140:160] = (20, 20, 200)
    plate = median_plate(samples, SIZE, STAY)
    assert not plate.calm[42:78, 142:158].any()
    assert plate.calm[:, 170:].all()
    assert np.array_equal(plate.picture[:, 100:], camera(50, 50)[:, 100:])


def test_exposure_is_evened_out() -> None:
    lights = (1.0, 1.06, 0.94, 1.0, 1.05, 0.95)
    views = [(camera(50, 50) * light).clip(0, 255).astype(np.uint8) for light in lights]
    plate = median_plate(film(views), SIZE, STAY)
    assert np.abs(plate.picture.astype(int) - camera(50, 50)).mean() < 1.5


@pytest.mark.parametrize("walking", [True, False])
def test_a_camera_that_pans_is_put_together(walking: bool) -> None:
    shifts = [(0, 0), (10, 4), (22, 8), (34, 12), (46, 8)]
    samples = film(
        [camera(50 + x, 50 + y) for x, y in shifts], places=[moved(x, y) for x, y in shifts]
    )
    size = SIZE[0] + 12, SIZE[1] + 46
    plate = (
        nearest_plate(samples, size, STAY, 0.3) if walking else median_plate(samples, size, STAY)
    )
    truth = world()[50 : 50 + size[0], 50 : 50 + size[1]]
    assert plate.seen[: SIZE[0], : SIZE[1]].mean() > 0.95
    off = np.abs(plate.picture.astype(int) - truth).max(-1)[plate.seen]
    assert np.percentile(off, 95) < 12


def test_a_limb_outside_the_hole_stays_out_of_a_plate() -> None:
    samples = film([camera(50, 50)] * 5, step=30, places=[STAY] * 5)
    samples[0].picture[60:70, 45:52] = (200, 20, 20)
    plate = nearest_plate(samples, SIZE, STAY, 0.5)
    off = np.abs(plate.picture.astype(int) - camera(50, 50)).max(-1)
    assert off[60:70, 45:52].max() < 40


def test_what_is_never_seen_is_made_up_once() -> None:
    plate = completed(median_plate(film([camera(50, 50)] * 4, step=0), SIZE, STAY), 0)
    hidden = ~plate.seen
    assert hidden.sum() == 74 * 34
    assert np.array_equal(plate.picture[plate.seen], camera(50, 50)[plate.seen])
    red = plate.picture[..., 0].astype(int) - plate.picture[..., 1]
    assert red[hidden].max() < 150  # nobody red
    # a camera five pixels to the right: the invention comes along
    right, hole = seen_from(camera(55, 50), np.roll(hidden, -5, 1), STAY, SIZE)
    after = completed(Plate(right, ~hole, ~hole, STAY), 1, (plate, moved(5, 0)))
    off = np.abs(after.picture[:, :-5].astype(int) - plate.picture[:, 5:]).max(-1)
    assert np.median(off[hole[:, :-5]]) < 3
