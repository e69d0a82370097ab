import numpy as np
import pytest

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.pose import FEATURE_CHANNELS, PoseNetwork, refined
from reenactor_plugins.networks.mediapipe.roi import Roi


def test_a_landmark_moves_to_the_middle_of_its_heat() -> None:
    heat = np.full((64, 64, 2), -99.0)
    heat[20, 30:32, 0] = 60  # cells 30 and 31 of row 20, four pixels each
    points = np.array([[118.0, 84.0], [10.0, 10.0]])
    assert refined(points, heat) == pytest.approx(np.array([[122, 80], [10, 10]]))


def test_heat_that_is_unsure_or_far_moves_nothing() -> None:
    heat = np.full((64, 64, 1), -1.0)  # probability .27 everywhere
    points = np.array([[100.0, 100.0]])
    assert refined(points, heat) == pytest.approx(points)
    heat = np.full((64, 64, 1), -99.0)
    heat[25 + 4, 25, 0] = 60  # one cell beyond the window of three
    assert refined(points, heat) == pytest.approx(points)


def test_a_landmark_outside_the_square_stays() -> None:
    points = np.array([[-3.0, 100.0], [100.0, 256.0]])
    assert refined(points, np.full((64, 64, 2), 60.0)) == pytest.approx(points)


def test_nobody_is_in_noise_and_everything_has_its_shape(shipped: Runtime) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (80, 60, 3), dtype=np.uint8)
    found = PoseNetwork(shipped)(noise, Roi(30.0, 40.0, 90.0, 0.3))
    assert found.flag < 0.1
    assert found.landmarks.shape == (33, 3)
    assert found.world.shape == (33, 3)
    assert found.circle.shape == (2, 2)
    assert found.segmentation.shape == (256, 256)
    assert [features.shape[1] for features in found.features] == list(FEATURE_CHANNELS)
    assert [features.shape[2:] for features in found.features] == [
        (s, s) for s in (128, 64, 32, 16, 8)
    ]


def test_taps_are_the_outputs_channels_first(shipped: Runtime) -> None:
    found = PoseNetwork(shipped)(np.zeros((50, 50, 3), np.uint8), Roi(25.0, 25.0, 50.0, 0.0))
    encoder, decoder = found.feature_outputs[:2]
    assert np.array_equal(found.features[0][0, 3], encoder[0, :, :, 3])
    assert np.array_equal(found.features[0][0, 16 + 5], decoder[0, :, :, 5])
