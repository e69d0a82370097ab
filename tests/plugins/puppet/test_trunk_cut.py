"""Closing the gaps that arms leave in the trunk."""

import cv2
import numpy as np
import pytest

from reenactor_plugins.puppet.trunk_cut import _without_gaps


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
