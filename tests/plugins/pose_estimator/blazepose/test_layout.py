from collections.abc import Callable

import numpy as np
import pytest

from reenactor.joints import MIRRORED_BODY, MIRRORED_FACE, NUM_BODY, NUM_FACE, Joint
from reenactor_plugins.networks.mediapipe.pose import PoseResult
from reenactor_plugins.pose_estimator.blazepose.layout import (
    BEYOND_LANDMARKS,
    BODY,
    FACE,
    body_points,
    box_around,
    face_points,
    pixels_per_metre,
    small_toe,
)

Man = Callable[..., PoseResult]

OTHER_SIDE = {0: 0, 1: 4, 2: 5, 3: 6, 4: 1, 5: 2, 6: 3}
OTHER_SIDE |= {k: k + 1 if k % 2 else k - 1 for k in range(7, 33)}
"""BlazePose's landmarks left and right: 7 is the left ear, 8 the right, and so on."""

OTHER_SIDE_OF_FACE = {
    **{k: k for k in (152, 168, 6, 197, 195, 5, 4, 2, 0, 17, 13, 14)},
    127: 356, 234: 454, 93: 323, 132: 361, 58: 288, 172: 397, 136: 365, 150: 379, 176: 400,
    70: 300, 63: 293, 105: 334, 66: 296, 107: 336, 75: 305, 97: 326,
    33: 263, 160: 387, 158: 385, 133: 362, 153: 380, 144: 373,
    61: 291, 39: 269, 37: 267, 84: 314, 91: 321, 78: 308, 82: 312, 87: 317,
}  # fmt: skip
"""Pairs of mesh points, from the symmetry of MediaPipe's canonical face model."""


def test_the_table_names_every_joint_once_and_knows_left_from_right() -> None:
    assert list(BODY) == list(Joint)
    for joint in Joint:
        mirrored = BODY[Joint(MIRRORED_BODY[joint])]
        assert sorted(OTHER_SIDE[k] for k in BODY[joint]) == sorted(mirrored), joint.name


def test_the_face_table_is_symmetric() -> None:
    both = OTHER_SIDE_OF_FACE | {b: a for a, b in OTHER_SIDE_OF_FACE.items()}
    assert len(FACE) == NUM_FACE
    for k, parts in enumerate(FACE):
        mirrored = FACE[MIRRORED_FACE[k]]
        assert sorted(both[part] for part in parts) == sorted(mirrored), k


def test_the_first_and_last_face_points_are_known_landmarks() -> None:
    # Dlib's 8 is the chin, 30 the tip of the nose, 36 and 45 the outer corners of the eyes.
    assert (FACE[8], FACE[30], FACE[36], FACE[45]) == ((152,), (4,), (33,), (263,))


def test_a_man_who_faces_us_has_his_left_at_our_right(man: Man) -> None:
    points = body_points(man(x=100.0, y=100.0)).body
    assert points[Joint.L_WRIST] == pytest.approx([127, 100, 0.9])
    assert points[Joint.R_KNEE] == pytest.approx([89, 142, 0.9])
    assert points[Joint.NECK] == pytest.approx([100, 50, 0.9])
    assert points[Joint.MID_HIP] == pytest.approx([100, 100, 0.9])


def test_confidence_is_visibility_times_presence_and_the_least_of_two(man: Man) -> None:
    visibility, presence = np.full(33, 0.8), np.full(33, 0.5)
    visibility[11] = 0.4  # the left shoulder
    points = body_points(man(visibility=visibility, presence=presence)).body
    assert points[Joint.R_SHOULDER, 2] == pytest.approx(0.4)
    assert points[Joint.NECK, 2] == pytest.approx(0.2)


def test_the_world_is_in_metres_from_between_the_hips(man: Man) -> None:
    away = man().world + np.array([5.0, 6.0, 7.0])
    world = body_points(man(world=away)).world
    assert world[Joint.MID_HIP] == pytest.approx([0, 0, 0])
    assert world[Joint.NECK] == pytest.approx([0, -0.5, 0])
    assert world.shape == (NUM_BODY, 3)


def test_the_scale_is_that_of_the_picture(man: Man) -> None:
    assert pixels_per_metre(man(scale=3.0)) == pytest.approx(300)


def test_small_toes_are_outside_and_a_little_back() -> None:
    # A left foot that points to the camera (-z), ankle above the heel (-y): outward is +x.
    heel, ankle, toe = np.array([[0.0, 0, 0], [0, -0.08, 0], [0, 0, -0.25]])
    assert small_toe(toe, heel, ankle, 1.0) == pytest.approx([0.0875, 0, 0.05])
    assert small_toe(toe, heel, ankle, -1.0) == pytest.approx([-0.0875, 0, 0.05])


def test_a_foot_in_line_with_the_leg_has_its_toes_in_line() -> None:
    heel, ankle, toe = np.array([[0.0, 0, 0], [0, -1, 0], [0, -0.2, 0]])
    assert small_toe(toe, heel, ankle, 1.0) == pytest.approx([0, 0.04, 0])


def test_small_toes_reach_the_picture_at_its_scale(man: Man) -> None:
    found = man(scale=2.0)
    points = body_points(found)
    offset = points.world[Joint.L_SMALL_TOE] - points.world[Joint.L_BIG_TOE]
    on_picture = points.body[Joint.L_SMALL_TOE] - points.body[Joint.L_BIG_TOE]
    assert on_picture[:2] == pytest.approx(200 * offset[:2], abs=1e-4)


def test_face_points_are_means_of_mesh_points() -> None:
    mesh = np.zeros((468, 2))
    mesh[152], mesh[132], mesh[58] = [3, 9], [2, 0], [4, 8]
    mesh[[33, 160, 158, 133, 153, 144], 0] = [0, 1, 2, 3, 4, 5]
    points = face_points(mesh, 0.75)
    assert points[8] == pytest.approx([3, 9, 0.75])
    assert points[3] == pytest.approx([3, 4, 0.75])
    assert points[68] == pytest.approx([2.5, 0, 0.75])


def test_the_box_holds_head_and_shoes(man: Man) -> None:
    x0, y0, x1, y1 = box_around(man(x=0.0, y=0.0))
    # The ears are 14 apart and 16 above the shoulders, so the head's radius is 14: top at -80.
    around = BEYOND_LANDMARKS * (92 + 80)
    assert (x0, y0, x1, y1) == pytest.approx((-29 - around, -80 - around, 29 + around, 92 + around))
