"""Continuing cloth beyond what is visible of it."""

import numpy as np

from reenactor_plugins.puppet.completion import beside, reflect


def test_rows_are_continued_by_their_reflection() -> None:
    """Columns 3 to 6 are visible: 2 repeats 4, 7 repeats 5; beyond the reflection is unknown."""
    colour = np.arange(10, dtype=np.float32)[None, :, None].repeat(3, 2)
    known = np.zeros((1, 10), np.float32)
    known[0, 3:7] = 1
    labels = np.arange(10, dtype=np.uint8)[None]
    colour, known, labels = reflect(colour, known, labels)
    assert colour[0, :, 0].tolist() == [6, 5, 4, 3, 4, 5, 6, 5, 4, 3]
    assert labels[0].tolist() == [6, 5, 4, 3, 4, 5, 6, 5, 4, 3]
    assert (known == 1).all()


def test_what_is_too_far_and_what_was_never_visible_stays() -> None:
    colour = np.arange(20, dtype=np.float32).reshape(2, 10, 1).repeat(3, 2)
    before = colour.copy()
    known = np.zeros((2, 10), np.float32)
    known[0, 4:6] = 1
    labels = np.zeros((2, 10), np.uint8)
    colour, known, labels = reflect(colour, known, labels)
    np.testing.assert_array_equal(colour[1], before[1])
    np.testing.assert_array_equal(colour[0, :3], before[0, :3])
    assert known[0].tolist() == [0, 0, 0, 1, 1, 1, 1, 0, 0, 0]
    assert not known[1].any()


def test_beside_grows_with_the_person() -> None:
    mask = np.zeros((41, 41), bool)
    mask[20, 20] = True
    assert beside(mask, 250.0)[20].sum() == 5
    assert beside(mask, 500.0)[20].sum() == 9
