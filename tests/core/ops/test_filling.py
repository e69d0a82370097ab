"""Filling from the nearest known pixel."""

import numpy as np

from reenactor.ops.filling import nearest_filled


def test_a_gap_takes_the_nearest_pixel() -> None:
    values = np.zeros((1, 9), np.uint8)
    values[0, 0], values[0, 8] = 3, 7
    known = values > 0
    assert nearest_filled(values, known)[0].tolist()[:4] == [3, 3, 3, 3]
    assert nearest_filled(values, known)[0].tolist()[5:] == [7, 7, 7, 7]


def test_without_known_pixels_nothing_changes() -> None:
    values = np.arange(6, dtype=np.uint8).reshape(2, 3)
    assert (nearest_filled(values, np.zeros((2, 3), bool)) == values).all()


def test_colours_are_filled_as_a_whole() -> None:
    values = np.zeros((1, 5, 3), np.float32)
    values[0, 0], values[0, 4] = (0.1, 0.2, 0.3), (0.7, 0.8, 0.9)
    known = np.array([[True, False, False, False, True]])
    filled = nearest_filled(values, known)
    assert np.allclose(filled[0, 1], (0.1, 0.2, 0.3))
    assert np.allclose(filled[0, 3], (0.7, 0.8, 0.9))
