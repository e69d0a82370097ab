"""Somebody who stands in a square, and a training example of them."""

import numpy as np
import pytest

from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.parser.taps.examples import Example
from reenactor_plugins.parser.taps.limbs import SWAPPED, Landmark

L = Landmark


@pytest.fixture
def standing() -> np.ndarray:
    """BlazePose's landmarks of somebody upright in a square of 256, their left at the right."""
    points = np.full((33, 2), 127.5)
    for left, x, y in (
        (L.L_EAR, 136, 40), (L.L_SHOULDER, 150, 70), (L.L_ELBOW, 165, 100), (L.L_WRIST, 170, 130),
        (L.L_INDEX, 171, 138), (L.L_HIP, 142, 130), (L.L_KNEE, 144, 175), (L.L_ANKLE, 145, 215),
        (L.L_HEEL, 143, 222), (L.L_TOE, 152, 225),
    ):  # fmt: skip
        points[left] = x, y
        points[SWAPPED[left]] = 255 - x, y
    points[L.NOSE, 1] = 45
    return points


@pytest.fixture
def example(standing: np.ndarray) -> Example:
    """White where the label is coat, black where it is background."""
    labels = np.zeros((256, 256), np.uint8)
    labels[70:130, 105:150] = 7
    picture = np.repeat((labels > 0)[..., None] * np.uint8(255), 3, 2)
    return Example(picture, labels, standing, Roi(128.0, 128.0, 256.0, 0.0))
