"""The camera is followed through a shot whose movement is known."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.inpainter.median.camera import View, view
from reenactor_plugins.inpainter.median.path import FEW, camera_path

SIZE = (240, 320)
NOTHING = np.zeros(SIZE, bool)


def world(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).random((600, 1600)).astype(np.float32)
    coarse = cv2.GaussianBlur(noise, (0, 0), 3)
    grey = 255 * (coarse - coarse.min()) / np.ptp(coarse)
    return np.asarray(np.repeat(grey[..., None], 3, -1), np.uint8)


def look(x: float, y: float, zoom: float = 1.0, seed: int = 0) -> View:
    place = np.array([[zoom, 0, x], [0, zoom, y], [0, 0, 1.0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return view(cv2.warpPerspective(world(seed), place, SIZE[::-1], flags=flags), NOTHING)


def middle(matrix: np.ndarray) -> np.ndarray:
    """Where the picture's centre goes."""
    return np.asarray(cv2.perspectiveTransform(np.array([[[160.0, 120.0]]]), matrix)[0, 0])


def test_a_camera_that_shakes_needs_one_stretch() -> None:
    shifts = np.random.default_rng(1).normal(0, 5, (20, 2)).cumsum(0) * 0.4
    shifts -= shifts[0]
    (stretch,) = camera_path((t, look(200 + x, 150 + y)) for t, (x, y) in enumerate(shifts))
    assert stretch.anchor == 0
    assert stretch.flat
    assert sorted(stretch.places) == list(range(20))
    for t, shift in enumerate(shifts):
        assert middle(stretch.places[t]) == pytest.approx([160, 120] - shift, abs=0.2)


def test_a_pan_is_chained_through_stretches() -> None:
    path = camera_path((t, look(100 + 12 * t, 150)) for t in range(40))
    assert len(path) > 2
    to = np.eye(3)
    for stretch in path[1:]:
        assert stretch.link is not None
        to = stretch.link @ to
        assert middle(to) == pytest.approx([160 - 12 * stretch.anchor, 120], abs=1.5)


def test_a_zoom_is_followed() -> None:
    path = camera_path((t, look(200, 150, 1 - 0.01 * t)) for t in range(20))
    assert path[0].places[19][0, 0] == pytest.approx(1 / 0.81, rel=0.005)


def test_frames_that_show_nothing_are_interpolated() -> None:
    grey = view(np.full((*SIZE, 3), 128, np.uint8), np.ones(SIZE, bool))
    views = [grey if 8 <= t < 12 else look(200 + 2 * t, 150) for t in range(20)]
    (stretch,) = camera_path(enumerate(views))
    for t in range(20):
        assert middle(stretch.places[t]) == pytest.approx([160 - 2 * t, 120], abs=0.3)


def test_another_place_is_not_linked() -> None:
    views = [look(200 + t, 150, seed=0 if t < 10 else 5) for t in range(10 + FEW + 20)]
    path = camera_path(enumerate(views))
    assert [stretch.anchor for stretch in path] == [0, 10]
    assert path[1].link is None
    assert middle(path[1].places[20]) == pytest.approx([150, 120], abs=0.2)
