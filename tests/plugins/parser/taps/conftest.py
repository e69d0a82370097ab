"""A training example of somebody who stands in a square."""

import numpy as np
import pytest

from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.parser.taps.examples import Example


@pytest.fixture
def example(standing: np.ndarray) -> Example:
    """White where the label is coat, black where it is background."""
    labels = np.zeros((256, 256), np.uint8)
    labels[70:130, 105:150] = 7
    picture = np.repeat((labels > 0)[..., None] * np.uint8(255), 3, 2)
    return Example(picture, labels, standing, Roi(128.0, 128.0, 256.0, 0.0))
