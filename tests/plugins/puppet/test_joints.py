"""Joints that a skeleton lacks."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.values import Skeleton
from reenactor_plugins.puppet.joints import HEAD, TIP, complete_joints

J = Joint

Standing = Callable[..., Skeleton]


def test_nobody_has_no_figure() -> None:
    assert complete_joints(Skeleton.empty(1), 0, 100.0) is None


def test_a_hidden_arm_mirrors_the_other(standing: Standing) -> None:
    whole, half = standing(), standing()
    half.body[0, [J.R_ELBOW, J.R_WRIST]] = 0
    got, expected = complete_joints(half, 0, 120.0), complete_joints(whole, 0, 120.0)
    assert got is not None
    assert expected is not None
    np.testing.assert_allclose(got.points[J.R_WRIST], expected.points[J.R_WRIST], atol=0.1)
    assert not got.seen[J.R_WRIST]


def test_a_bust_is_given_legs_below_it(standing: Standing) -> None:
    bust = standing()
    bust.body[0, [8, 9, 10, 11, 12, 13, 14, *range(19, 25)]] = 0
    got = complete_joints(bust, 0, 120.0)
    assert got is not None
    ys = [got[j][1] for j in (J.NECK, J.MID_HIP, J.L_KNEE, J.L_ANKLE)]
    assert ys == sorted(ys)
    assert np.isfinite(got.points).all()


def test_the_head_is_between_the_ears_or_at_the_nose(standing: Standing) -> None:
    skeleton = standing()
    ears = skeleton.body[0, [J.L_EAR, J.R_EAR], :2].mean(0).numpy()
    got = complete_joints(skeleton, 0, 120.0)
    assert got is not None
    np.testing.assert_allclose(got[HEAD], ears, atol=1e-4)
    skeleton.body[0, [J.L_EAR, J.R_EAR, J.L_EYE, J.R_EYE]] = 0
    got = complete_joints(skeleton, 0, 120.0)
    assert got is not None
    np.testing.assert_allclose(got[HEAD], skeleton.body[0, J.NOSE, :2].numpy(), atol=1e-4)


def test_hands_point_where_their_key_points_say(standing: Standing) -> None:
    skeleton = standing()
    wrist = skeleton.body[0, J.L_WRIST]
    skeleton.hands[0, 0] = torch.cat([wrist[:2], torch.ones(1)])
    skeleton.hands[0, 0, 9, 0] += 9  # the knuckle of the middle finger, aside
    got = complete_joints(skeleton, 0, 120.0)
    assert got is not None
    step = got[TIP["left"]] - got[J.L_WRIST]
    assert step[0] == pytest.approx(1.9 * 9, rel=0.05)
    assert abs(step[1]) < 1
    doubted = complete_joints(skeleton, 0, 120.0, (0.0, 0.0))
    assert doubted is not None
    assert (doubted[TIP["left"]] - doubted[J.L_WRIST])[1] > 5
