from math import pi

import numpy as np
import pytest

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.pose_estimator.blazepose.hand import HandNetwork, roi_of_hand, roi_of_wrist


def test_the_rough_square_lies_around_the_knuckles() -> None:
    wrist, pinky, index = np.array([[0.0, 0.0], [-2.0, -30.0], [1.0, -30.0]])
    roi = roi_of_wrist(wrist, pinky, index)
    assert (roi.x, roi.y, roi.size, roi.angle) == pytest.approx((0, -30, 2 * 2.7 * 30, 0))


def test_a_hand_that_points_right_has_a_turned_square() -> None:
    wrist, pinky, index = np.array([[0.0, 0.0], [30.0, -2.0], [30.0, 1.0]])
    assert roi_of_wrist(wrist, pinky, index).angle == pytest.approx(pi / 2)


def _upright_hand() -> np.ndarray:
    """Wrist at the origin, knuckles 40 above it and 30 apart; fingers reach wherever."""
    points = np.full((21, 2), 500.0)
    points[[0, 1, 2, 3]] = [[0, 0], [-5, -5], [-10, -15], [-15, -20]]
    points[[5, 9, 13, 17]] = [[-9, -40], [0, -40], [9, -40], [15, -40]]
    points[[6, 10, 14, 18]] = [[-9, -45], [0, -50], [9, -45], [15, -42]]
    return points


def test_the_square_of_a_hand_is_twice_its_palm_and_moved_up_a_tenth() -> None:
    roi = roi_of_hand(_upright_hand())
    # The palm spans x -15..15 and y -50..0.
    assert (roi.x, roi.y, roi.size, roi.angle) == pytest.approx((0, -25 - 5, 100, 0))


def test_it_turns_with_the_hand() -> None:
    quarter = np.array([[0, -1], [1, 0]])  # clockwise as seen: up becomes right
    roi = roi_of_hand(_upright_hand() @ quarter.T)
    assert (roi.x, roi.y, roi.size, roi.angle) == pytest.approx((30, 0, 100, pi / 2))


def test_there_is_no_hand_in_nothing(shipped: Runtime) -> None:
    network = HandNetwork(shipped)
    picture = np.zeros((60, 60, 3), np.uint8)
    hand = network(picture, Roi(30.0, 30.0, 50.0, 0.0))
    assert hand.points.shape == (21, 2)
    assert hand.score < 0.5
    roi = network.recropped(picture, Roi(30.0, 30.0, 50.0, 0.0))
    assert roi is None or roi.size >= 1
