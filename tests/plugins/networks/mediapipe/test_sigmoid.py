import numpy as np
import pytest

from reenactor_plugins.networks.mediapipe.sigmoid import sigmoid


def test_known_values_and_no_overflow() -> None:
    values = sigmoid(np.array([0.0, np.log(3), -1500, 1500]))
    assert values == pytest.approx([0.5, 0.75, 0, 1])
