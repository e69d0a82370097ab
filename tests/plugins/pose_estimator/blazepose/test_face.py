from math import atan2

import numpy as np
import pytest

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.detection import Detection
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.pose_estimator.blazepose.face import (
    LEFT_EYE,
    RIGHT_EYE,
    FaceNetwork,
    roi_of_detection,
    roi_of_head,
    roi_of_mesh,
)


def test_the_heads_square_is_three_times_the_face() -> None:
    points = np.array([[0.0, 0.0], [20.0, 0.0], [10.0, 10.0]])
    roi = roi_of_head(points, right_eye=0, left_eye=1)
    assert (roi.x, roi.y, roi.size, roi.angle) == pytest.approx((10, 5, 60, 0))


def test_a_tilted_head_has_a_tilted_square() -> None:
    points = np.array([[0.0, 0.0], [20.0, 20.0]])
    assert roi_of_head(points, right_eye=0, left_eye=1).angle == pytest.approx(atan2(1, 1))


def test_a_detected_face_is_given_a_margin() -> None:
    find = Detection(
        0.9, np.array([50.0, 60.0]), np.array([30.0, 40.0]), np.array([[40.0, 55], [60, 55]])
    )
    roi = roi_of_detection(find)
    assert (roi.x, roi.y, roi.size, roi.angle) == pytest.approx((50, 60, 60, 0))


def test_the_mesh_has_a_level_square_around_it() -> None:
    level = np.zeros((468, 2))
    level[0], level[1] = [-20, -30], [20, 30]
    level[RIGHT_EYE], level[LEFT_EYE] = [-10, -5], [10, -5]
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    roi = roi_of_mesh(level @ turn.T + [100, 200])
    assert (roi.x, roi.y, roi.size) == pytest.approx((100, 200, 1.5 * 60))
    assert roi.angle == pytest.approx(atan2(0.6, 0.8))


def test_there_is_no_face_in_nothing(shipped: Runtime) -> None:
    network = FaceNetwork(shipped)
    picture = np.zeros((60, 60, 3), np.uint8)
    assert network.found(picture, Roi(30.0, 30.0, 60.0, 0.0)) is None
    face = network(picture, Roi(30.0, 30.0, 60.0, 0.0))
    assert face.mesh.shape == (468, 2)
    assert face.score < 0.5
