"""Closing the gaps that arms leave in the trunk."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.puppet.trunk_cut import _draped, _without_gaps, _without_wings


@pytest.mark.parametrize("reach", [20, 60])
def test_gaps_narrower_than_twice_the_reach_are_closed(reach: int) -> None:
    """By brush or by distance: a narrow gap in a block is filled, a wide one stays."""
    mask = np.zeros((8 * reach, 14 * reach), np.uint8)
    mask[3 * reach : 5 * reach, 3 * reach : 11 * reach] = 1
    narrow, wide = slice(4 * reach, 5 * reach), slice(7 * reach, 9 * reach + 6)
    mask[:, narrow] = mask[:, wide] = 0
    got = _without_gaps(mask, reach)
    assert got[4 * reach, narrow].all()
    assert not got[4 * reach, 8 * reach - 2 : 8 * reach + 8].any()
    assert (got >= mask).all()
    assert not got[: 3 * reach - 1].any()


def test_brush_and_distance_agree() -> None:
    mask = np.zeros((400, 500), np.uint8)
    for x in range(130, 380, 40):
        cv2.circle(mask, (x, 200 + x % 3 * 20), 18, 1, -1)
    fine = _without_gaps(mask, 48)
    coarse = _without_gaps(mask, 49)
    assert (fine != coarse).mean() < 0.01


def test_a_skirt_hangs_straight_where_something_hides_its_edge() -> None:
    """From 20 at the hips to 60 at the hem, with a deep notch: it is closed, a fold is not."""
    u = np.arange(101.0)
    straight = 20 + 0.4 * u
    side = straight.copy()
    side[30:60] = 10
    side[70:80] -= 3
    got = _draped(side, u, 0.0)
    np.testing.assert_allclose(got[30:60], 0.85 * straight[30:60])
    np.testing.assert_allclose(got[70:80], side[70:80])
    np.testing.assert_allclose(got[:30], straight[:30])


def test_short_protrusions_are_cut_off() -> None:
    """What is left of a sleeve, 0.1 m high; a hip, 0.3 m high, and the rows above stay."""
    unit, fine = 100.0, 1.0
    side = np.full(120, 20.0)
    side[40:50], side[70:100], side[:10] = 35, 30, 50
    below = np.arange(120) >= 15
    got = _without_wings(side, below, unit, fine)
    np.testing.assert_array_equal(got[40:50], 20)
    np.testing.assert_array_equal(got[70:100], 30)
    np.testing.assert_array_equal(got[:10], 50)
