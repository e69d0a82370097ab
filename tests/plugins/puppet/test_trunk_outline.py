"""The trunk's outline where something hides or widens it."""

import numpy as np

from reenactor_plugins.puppet.trunk_outline import _without_wings, draped


def test_a_skirt_hangs_straight_where_something_hides_its_edge() -> None:
    """From 20 at the hips to 60 at the hem, with a deep notch: it is closed, a fold is not."""
    u = np.arange(101.0)
    straight = 20 + 0.4 * u
    side = straight.copy()
    side[30:60] = 10
    side[70:80] -= 3
    got = draped(side, u, 0.0)
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
