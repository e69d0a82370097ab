"""Aligning the rig's head with face points."""

import numpy as np
import pytest

from reenactor_plugins.avatar.head import _aligned, angles, rotation
from reenactor_plugins.avatar.rig import AnnyRig


@pytest.mark.parametrize("wanted", [(0.0, 0.0, 0.0), (0.5, -0.2, 0.1), (-1.2, 0.3, -0.4)])
def test_angles_are_the_inverse_of_rotation(wanted: tuple[float, float, float]) -> None:
    matrix = rotation(*wanted)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(angles(matrix), wanted, atol=1e-12)


def test_positive_angles_turn_right_nod_down_and_tilt_clockwise() -> None:
    """A face that looks at the camera looks along minus z; y is down."""
    nose, crown = np.array([0.0, 0, -1]), np.array([0.0, -1, 0])
    assert (rotation(0.3, 0.0, 0.0) @ nose)[0] == pytest.approx(np.sin(0.3))
    assert (rotation(0.0, 0.3, 0.0) @ nose)[1] == pytest.approx(np.sin(0.3))
    assert (rotation(0.0, 0.0, 0.3) @ crown)[0] == pytest.approx(np.sin(0.3))


def test_a_projected_face_gives_back_its_rotation_and_scale(rig: AnnyRig) -> None:
    model = rig.head[rig.marks[:68]].astype(np.float64)
    wanted = rotation(0.4, -0.15, 0.1)
    spots = (70 * model @ wanted.T)[:, :2] + [31.0, 12.0]
    turn, scale, shift = _aligned(model, spots, np.arange(68))
    np.testing.assert_allclose(turn, wanted, atol=1e-6)
    assert scale == pytest.approx(70, rel=1e-6)
    np.testing.assert_allclose(shift, [31, 12], atol=1e-5)


def test_the_rigs_face_points_are_where_a_face_has_them(rig: AnnyRig) -> None:
    """In the rig's axes: x to the person's left, which is the picture's right; y down."""
    points = rig.head[rig.marks]
    nose, chin, right_eye, left_eye, mouth = (points[k] for k in (30, 8, 68, 69, 62))
    assert nose[2] == points[:, 2].min()
    assert right_eye[0] < -0.02 < 0.02 < left_eye[0]
    assert right_eye[1] < nose[1] < mouth[1] < chin[1]
    assert 0.05 < left_eye[0] - right_eye[0] < 0.075
