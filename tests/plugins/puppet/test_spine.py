"""Coordinates along and across the trunk's axis."""

from collections.abc import Callable

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor.values import Skeleton
from reenactor_plugins.puppet.joints import complete_joints
from reenactor_plugins.puppet.spine import coordinates, points, spine

J = Joint


@pytest.mark.parametrize("lean", [0.0, 15.0, -25.0])
def test_coordinates_undo_points(lean: float, standing: Callable[..., Skeleton]) -> None:
    skeleton = standing()
    skeleton.body[0, [0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 18], 0] += lean
    skeleton.body[0, J.L_SHOULDER, 1] -= lean / 3
    body = complete_joints(skeleton, 0, 120.0)
    assert body is not None
    axis = spine(body, 0.0)
    u, v = np.meshgrid(np.linspace(-15, 150, 12), np.linspace(-20, 20, 7))
    x, y = points(axis, u, v)
    back_u, back_v = coordinates(axis, axis.marks, x, y)
    np.testing.assert_allclose(back_u, u, atol=0.5)
    np.testing.assert_allclose(back_v, v, atol=0.8)


def test_the_neck_is_zero_and_marks_grow_downwards(standing: Callable[..., Skeleton]) -> None:
    body = complete_joints(standing(), 0, 120.0)
    assert body is not None
    marks = spine(body, 0.0).marks
    assert marks[1] == 0
    assert (np.diff(marks) > 0).all()
    assert marks[2] == pytest.approx(60, abs=0.1)  # half a metre of trunk
