"""The drawn hand."""

import numpy as np

from reenactor_plugins.puppet.hand import drawn_hand

LENGTH = 200.0


def runs(row: np.ndarray) -> int:
    """How many separate pieces a row has."""
    return int((np.diff(np.concatenate([[0], row.astype(int)])) == 1).sum())


def hand() -> tuple[np.ndarray, np.ndarray]:
    return drawn_hand(np.arange(0, 1.1 * LENGTH), np.arange(-120.0, 121.0), LENGTH)


def test_it_has_a_palm_four_fingers_and_a_thumb() -> None:
    inside, _ = hand()
    there = inside > 0
    assert runs(there[int(0.2 * LENGTH)]) == 1
    assert runs(there[int(0.66 * LENGTH)]) == 4
    assert there[int(0.95 * LENGTH)].any()
    assert not there[int(1.06 * LENGTH) :].any()
    columns = np.arange(-120.0, 121.0)
    level = there[int(0.5 * LENGTH)]
    assert columns[level].max() > 60  # the thumb, at positive v
    assert columns[level].min() > -60


def test_its_outline_is_a_distance() -> None:
    """A pixel further in is a pixel deeper, half-way up the outer side of the palm."""
    inside, _ = hand()
    row = inside[int(0.2 * LENGTH)]
    edge = int(np.argmax(row > 0))
    np.testing.assert_allclose(np.diff(row[edge - 5 : edge + 5]), 1, atol=0.1)


def test_fingers_are_darker_between_than_in_their_middle() -> None:
    _, shade = hand()
    assert shade.max() <= 1
    assert shade.min() >= 0.69
    row = shade[int(0.6 * LENGTH), 70:170]
    inner = row[1:-1]
    dips = (inner < row[:-2]) & (inner <= row[2:]) & (inner < 0.85)
    assert dips.sum() >= 3
