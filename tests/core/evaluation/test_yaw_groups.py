"""Every yaw is in one group, whichever way it goes."""

import math

import numpy as np

from reenactor.evaluation.yaw_groups import GROUPS, members, within


def test_groups_cover_every_angle_once() -> None:
    yaw = [float(angle) for angle in range(-180, 181)]
    counts = np.sum([members(yaw, group) for group in GROUPS], axis=0)
    assert counts.tolist() == [1] * 361


def test_bounds_belong_to_the_upper_group_and_left_is_as_right() -> None:
    yaw = [0.0, 29.9, 30.0, -30.0, 60.0, 119.0, -120.0, 180.0, -180.0, math.nan]
    found = {group: members(yaw, group).nonzero()[0].tolist() for group in GROUPS}
    assert found == {"0-30": [0, 1], "30-60": [2, 3], "60-120": [4, 5], "120-180": [6, 7, 8]}


def test_values_outside_a_group_are_unknown() -> None:
    assert np.array_equal(within([1.0, 2.0], [10.0, 70.0], "60-120"), [math.nan, 2], equal_nan=True)
