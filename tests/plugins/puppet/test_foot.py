"""Feet that the photo does not show."""

import numpy as np
import pytest

from reenactor.labels import Label
from reenactor_plugins.puppet.foot import cut_foot
from reenactor_plugins.puppet.joints import NUM_POINTS, PuppetJoints
from reenactor_plugins.puppet.photo import TargetPhoto

SIZE = (64, 48)


@pytest.mark.parametrize("unit", [0.0, 1e-6, 40.0])
def test_no_label_is_no_foot(unit: float) -> None:
    """However small the person is: with a unit of 0, nothing is as much as enough."""
    labels = np.zeros(SIZE, np.uint8)
    photo = TargetPhoto(
        np.zeros((*SIZE, 3), np.float32),
        np.zeros(SIZE, np.float32),
        labels,
        np.ones(SIZE, np.float32),
        1.0,
    )
    points = np.full((NUM_POINTS, 2), 20.0)
    figure = PuppetJoints(points, np.ones(NUM_POINTS, bool), unit)
    nothing = np.zeros(SIZE, bool)
    assert cut_foot(photo, nothing, labels, figure, "left", 0.0, 1.0) is None


def test_a_toe_that_points_down_gets_a_flat_sole() -> None:
    """A shoe 24 wide whose toe tapers to a point: below 13 pixels of width it is cut off."""
    labels = np.zeros((96, 96), np.uint8)
    labels[40:60, 30:54] = Label.LEFT_SHOE
    for row in range(60, 72):
        labels[row, 30 + row - 59 : 55 - (row - 59)] = Label.LEFT_SHOE
    own = labels > 0
    photo = TargetPhoto(
        np.full((96, 96, 3), 50, np.float32), own.astype(np.float32), labels,
        np.ones((96, 96), np.float32), 1.0,
    )  # fmt: skip
    points = np.full((NUM_POINTS, 2), 41.5)
    figure = PuppetJoints(points, np.ones(NUM_POINTS, bool), 200.0)
    foot = cut_foot(photo, own, labels, figure, "left", 0.0, 1.0)
    assert foot is not None
    width = 2 * foot.column.half[foot.texture.colour[..., 3].max(1) > 127]
    assert width.min() > 10
    assert foot.column.start + 41.5 + len(foot.column.half) < 68
