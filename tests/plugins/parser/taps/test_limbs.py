"""The limb maps: where they are, and that they keep their sides."""

from math import hypot, pi

import numpy as np
import pytest

from reenactor_plugins.parser.taps.limbs import (
    HEAD_MAP,
    NUM_MAPS,
    SWAPPED,
    THICKNESS,
    TORSO_MAP,
    limb_maps,
)


def test_each_map_is_where_its_limb_is(standing: np.ndarray) -> None:
    maps = limb_maps(standing, 256)
    assert maps.shape == (NUM_MAPS, 256, 256)
    assert maps.min() >= 0
    assert maps.max() <= 1
    assert maps[0, 115, 167] > 0.9  # left forearm
    assert maps[1, 115, 255 - 167] > 0.9
    assert maps[2, 150, 143] > 0.9
    assert maps[3, 150, 255 - 143] > 0.9
    assert maps[TORSO_MAP, 100, 128] > 0.9
    assert maps[HEAD_MAP, 42, 128] > 0.9
    assert maps[0, :, :100].max() == 0
    assert maps[TORSO_MAP, 170, 128] == 0


def test_limbs_grow_with_the_zoom(standing: np.ndarray) -> None:
    length = (hypot(2, 45) + hypot(1, 40)) / 2  # hip, knee, ankle, in pixels of the drawing
    for zoom in (1.0, 1.5, 2.0):
        width = THICKNESS * zoom
        area = 4 * (length * width + pi * width**2 / 4)
        # cv2 draws thick lines a pixel wider.
        assert limb_maps(standing, 256, zoom)[2].sum() == pytest.approx(area, rel=0.15)


def test_the_mirror_swaps_left_and_right(standing: np.ndarray) -> None:
    mirrored = standing[list(SWAPPED)] * [-1, 1] + [255, 0]
    assert np.allclose(mirrored, standing)
    assert [SWAPPED[SWAPPED[k]] for k in range(33)] == list(range(33))


def test_points_far_outside_are_no_error(standing: np.ndarray) -> None:
    assert np.isfinite(limb_maps(standing * 1e4, 256)).all()
