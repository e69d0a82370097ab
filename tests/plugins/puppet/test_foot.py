"""Feet that the photo does not show."""

import numpy as np
import pytest

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
