"""A hand skinned to 21 key points. Expected places follow from rigid motions."""

import numpy as np
import pytest

from reenactor_plugins.avatar.hand import HandModel, at_ease, draw_hand, hand_model, lifted, skinned
from reenactor_plugins.avatar.rig import AnnyRig

TIPS = [4, 8, 12, 16, 20]


@pytest.fixture(scope="module")
def model(rig: AnnyRig) -> HandModel:
    return hand_model(rig)


def turn(axis: int, degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    out = np.eye(3)
    a, b = [k for k in range(3) if k != axis]
    out[a, a] = out[b, b] = c
    out[a, b], out[b, a] = -s, s
    return out


LEFT = np.diag([1.0, 1.0, -1.0])
"""From the palm's axes (index finger, finger tips, out of the palm) to a left hand in space."""


def test_the_rest_pose_moved_and_scaled_is_a_rigid_motion(model: HandModel) -> None:
    motion = turn(0, 35) @ turn(2, 70) @ LEFT
    shift = np.array([12.0, -7.0, 3.0])
    got = skinned(model, 250 * model.joints @ motion.T + shift, 250.0)
    np.testing.assert_allclose(got, 250 * model.points @ motion.T + shift, atol=1e-3)


def test_a_right_hand_is_the_mirror_image(model: HandModel) -> None:
    motion = turn(1, 20) @ LEFT
    mirror = np.diag([-1.0, 1.0, 1.0])
    left = skinned(model, 200 * model.joints @ motion.T, 200.0)
    right = skinned(model, 200 * model.joints @ motion.T @ mirror, 200.0, mirrored=True)
    np.testing.assert_allclose(right, left @ mirror, atol=1e-6)


def test_bending_one_joint_moves_what_follows_that_bone_only(model: HandModel) -> None:
    """The last bone of the index finger is bent by 90 degrees about the palm's width."""
    points = model.joints @ LEFT
    quarter = turn(0, 90)
    bent = points.copy()
    bent[8] = points[7] + quarter @ (points[8] - points[7])
    rest, got = skinned(model, points, 1.0), skinned(model, bent, 1.0)
    last = 1 + 3 * 1 + 2
    others = model.shares[:, last] == 0
    np.testing.assert_allclose(got[others], rest[others], atol=1e-9)
    own = model.shares[:, last] > 0.9999
    assert own.sum() > 20
    expected = (rest[own] - points[7]) @ quarter.T + points[7]
    np.testing.assert_allclose(got[own], expected, atol=1e-5)


def test_detected_points_keep_their_place_and_bones_their_length(model: HandModel) -> None:
    tilted = 300 * model.joints @ (turn(1, 25) @ turn(0, 20) @ LEFT).T
    got = lifted(model, tilted[:, :2], 300.0, False)
    np.testing.assert_allclose(got[:, :2], tilted[:, :2], atol=1e-9)
    for tip in TIPS:
        for k in (tip - 2, tip - 1, tip):
            wanted = 300 * np.linalg.norm(model.joints[k] - model.joints[k - 1])
            assert np.linalg.norm(got[k] - got[k - 1]) == pytest.approx(wanted, rel=1e-6)


def test_a_detection_that_is_far_too_large_does_not_make_a_giant_hand(model: HandModel) -> None:
    flat = 3 * 300 * (model.joints @ LEFT)[:, :2]
    got = lifted(model, flat, 300.0, False)
    reach = np.linalg.norm(got[TIPS, :2] - got[0, :2], axis=1).max()
    own = 300 * np.linalg.norm(model.joints[TIPS], axis=1).max()
    assert reach < 1.3 * own


@pytest.mark.parametrize("way", [(0, 1, 0), (1, 0.2, 0), (0.2, -1, 0), (0, 0.3, -1)])
def test_hands_at_ease_are_mirror_images_and_follow_the_forearm(
    model: HandModel, way: tuple[float, float, float]
) -> None:
    direction, wrist = np.array(way, float), np.array([50.0, 60.0])
    mirror = np.diag([-1.0, 1.0, 1.0])
    left = at_ease(model, wrist, direction, 0.0, 200.0, True) - [*wrist, 0]
    right = at_ease(model, wrist, direction @ mirror, 0.0, 200.0, False) - [*wrist, 0]
    np.testing.assert_allclose(right, left @ mirror, atol=1e-9)
    knuckles = left[[5, 9, 13, 17]].mean(0)
    np.testing.assert_allclose(
        knuckles / np.linalg.norm(knuckles), direction / np.linalg.norm(direction), atol=1e-6
    )


def test_the_left_palm_faces_the_thigh_and_the_thumb_ahead(model: HandModel) -> None:
    """Of somebody who faces the camera: their left hand hangs at the picture's right."""
    points = at_ease(model, np.zeros(2), np.array([0.0, 1, 0]), 0.0, 1.0, True)
    assert points[4, 2] < -0.04  # towards the camera
    curled = points[[8, 12, 16, 20]] - points[[5, 9, 13, 17]]
    assert (curled[:, 0] < 0).all()  # fingers bend to the palm, which is at the thigh


def test_a_hand_has_the_skins_colour(model: HandModel) -> None:
    points = at_ease(model, np.array([50.0, 20.0]), np.array([0.0, 1, 0]), 0.0, 300.0, True)
    skin = np.array([200.0, 150.0, 120.0])
    sprite = draw_hand(model, points, skin, 300.0, True, (120, 100))
    assert sprite is not None
    colours = sprite.texture.colour[sprite.texture.colour[..., 3] == 255][:, :3]
    assert len(colours) > 400
    np.testing.assert_allclose(colours.mean(0) / skin, 0.9, atol=0.15)
