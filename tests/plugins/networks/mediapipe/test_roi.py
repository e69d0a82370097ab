from math import pi

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor_plugins.networks.mediapipe.roi import (
    Roi,
    roi_of_body,
    roi_of_circle,
    wrapped,
)


def test_an_upright_square_scales_and_shifts() -> None:
    roi = Roi(x=50.0, y=80.0, size=20.0, angle=0.0)
    corner = roi.to_crop(10) @ [40, 70, 1]
    assert corner == pytest.approx([0, 0])
    assert roi.to_crop(10) @ [50, 80, 1] == pytest.approx([5, 5])
    assert roi.to_crop(10) @ [60, 80, 1] == pytest.approx([10, 5])


def test_a_square_turned_clockwise_sees_the_picture_turned_back() -> None:
    # A quarter turn clockwise: what lies right of the middle is at the top of the cut square.
    roi = Roi(x=0.0, y=0.0, size=100.0, angle=pi / 2)
    assert roi.to_crop(100) @ [30, 0, 1] == pytest.approx([50, 20])


def test_points_come_back_to_where_they_were() -> None:
    roi = Roi(x=31.5, y=-7.0, size=88.0, angle=0.7)
    points = np.array([[3.0, 4.0], [100, -20], [31.5, -7]])
    cut = points @ roi.to_crop(256)[:, :2].T + roi.to_crop(256)[:, 2]
    assert roi.back(cut, 256) == pytest.approx(points)


def test_the_cut_square_shows_the_picture_and_black_beyond_it() -> None:
    picture = np.zeros((40, 60, 3), np.uint8)
    picture[10:20, 20:30] = (200, 100, 50)
    cut = Roi(x=25.0, y=15.0, size=10.0, angle=0.0).cut(picture, 10)
    assert (cut == (200, 100, 50)).all()
    beyond = Roi(x=-100.0, y=-100.0, size=10.0, angle=0.0).cut(picture, 16)
    assert beyond.shape == (16, 16, 3)
    assert not beyond.any()


def test_vectors_of_a_turned_square_are_turned_back() -> None:
    roi = Roi(x=5.0, y=5.0, size=1.0, angle=pi / 2)
    up_in_the_square = np.array([[0.0, -1.0, 0.25]])
    assert roi.upright(up_in_the_square) == pytest.approx(np.array([[1, 0, 0.25]]))


@pytest.mark.parametrize(
    ("angle", "same"), [(0.5, 0.5), (3 * pi / 2, -pi / 2), (-5 * pi / 2, -pi / 2)]
)
def test_angles_are_wrapped(angle: float, same: float) -> None:
    assert wrapped(angle) == pytest.approx(same)


def test_a_person_who_stands_has_an_upright_square() -> None:
    roi = roi_of_circle(np.array([100.0, 200.0]), np.array([100.0, 120.0]))
    assert (roi.x, roi.y, roi.size, roi.angle) == pytest.approx((100, 200, 2 * 1.25 * 80, 0))


def test_a_person_who_lies_has_a_turned_one() -> None:
    roi = roi_of_circle(np.array([0.0, 0.0]), np.array([50.0, 0.0]))
    assert roi.angle == pytest.approx(pi / 2)


def test_the_square_of_a_skeleton_is_around_its_farthest_joint() -> None:
    body = np.zeros((25, 3))
    body[[Joint.R_SHOULDER, Joint.L_SHOULDER]] = [[-10, 60, 1], [10, 60, 1]]
    body[[Joint.R_HIP, Joint.L_HIP]] = [[-5, 100, 1], [5, 100, 1]]
    body[Joint.R_ANKLE] = [0, 190, 0.2]
    body[Joint.L_ANKLE] = [0, 900, 0]  # not seen: its place means nothing
    roi = roi_of_body(body)
    assert roi is not None
    assert (roi.x, roi.y, roi.size, roi.angle) == pytest.approx((0, 100, 2 * 1.25 * 90, 0))


def test_without_a_torso_there_is_no_square() -> None:
    body = np.ones((25, 3))
    body[Joint.R_HIP, 2] = 0
    assert roi_of_body(body) is None
    assert roi_of_body(np.ones((25, 3))) is None  # all joints at one point
