"""Turns, sizes and order over a clip."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor.values import Motion, Pose, Skeleton
from reenactor_plugins.puppet.motion_analysis import analyse_motion, decided, still

J = Joint

Moving = Callable[[Skeleton], tuple[Motion, Pose]]
Standing = Callable[..., Skeleton]
World = Callable[[], Tensor]


def spun(world: Tensor, degrees: float) -> Tensor:
    """Turned about the vertical; positive turns the face to the picture's right."""
    angle = torch.deg2rad(torch.tensor(degrees))
    out = world.clone()
    out[:, 0] = world[:, 0] * angle.cos() - world[:, 2] * angle.sin()
    out[:, 2] = world[:, 0] * angle.sin() + world[:, 2] * angle.cos()
    return out


@pytest.mark.parametrize("degrees", [-120, -60, 0, 45, 90])
def test_turns_are_those_of_the_figure(degrees: float, world: World, standing: Standing) -> None:
    turn = still(standing(world=spun(world(), degrees))).turn
    assert np.degrees(turn.trunk[0]) == pytest.approx(degrees, abs=1)
    assert np.degrees(turn.head[0]) == pytest.approx(degrees, abs=1)
    assert np.degrees(turn.feet[0]) == pytest.approx([degrees, degrees], abs=20)


def test_a_whole_turn_does_not_leap(world: World, standing: Standing, moving: Moving) -> None:
    steps = [standing(world=spun(world(), angle)) for angle in range(0, 720, 6)]
    turn = analyse_motion(moving(Skeleton.joined(steps))[0]).turn.trunk
    assert np.abs(np.diff(turn)).max() < np.radians(10)
    assert np.degrees(turn[-10] - turn[10]) == pytest.approx(100 * 6, abs=2)


def test_without_depth_a_figure_from_the_front_faces_the_camera(standing: Standing) -> None:
    flat = still(replace(standing(), world=None))
    assert abs(np.degrees(flat.turn.head[0])) < 5
    assert not flat.behind.any()


def test_the_unit_is_pixels_of_a_metre(standing: Standing) -> None:
    assert still(standing()).unit[0] == pytest.approx(120, rel=0.1)
    assert still(replace(standing(), world=None)).unit[0] == pytest.approx(120, rel=0.1)


def test_limbs_are_ordered_by_depth(world: World, standing: Standing, moving: Moving) -> None:
    points = world()
    points[[J.L_ELBOW, J.L_WRIST], 2] = 0.3
    points[[J.L_KNEE, J.L_ANKLE], 2] = 0.2
    clip = analyse_motion(moving(standing(10, points))[0])
    assert clip.behind[:, 0].all()
    assert not clip.behind[:, 1].any()
    assert clip.left_leg_first.all()


def test_a_decision_does_not_follow_noise() -> None:
    noise = np.random.default_rng(0).normal(0, 0.02, 200)
    assert not np.diff(decided(noise, 0.03, 25.0)).any()


def test_a_decision_follows_what_lasts_once() -> None:
    value = np.concatenate([np.full(30, -0.2), np.full(40, 0.2), np.full(30, -0.2)])
    state = decided(value, 0.03, 25.0)
    assert np.diff(state.astype(int)).tolist().count(1) == 1
    assert state[35:65].all()
    assert not state[:25].any()


@pytest.mark.parametrize("began", [True, False])
def test_a_decision_changes_only_when_it_is_clearly_across(began: bool) -> None:
    """Within the margin beyond zero it stays what it was; beyond the margin it changes."""
    side = 1.0 if began else -1.0
    hardly = np.concatenate([np.full(40, 0.2), np.full(60, -0.02)]) * side
    assert (decided(hardly, 0.03, 25.0) == began).all()
    clearly = np.concatenate([np.full(40, 0.2), np.full(60, -0.04)]) * side
    state = decided(clearly, 0.03, 25.0)
    assert (state[:35] == began).all()
    assert (state[50:] != began).all()


def test_a_blink_is_not_followed() -> None:
    value = np.full(60, -0.2)
    value[30] = 1.0
    assert not decided(value, 0.03, 30.0).any()


def test_frames_without_anybody_are_bridged(standing: Standing, moving: Moving) -> None:
    gap = replace(Skeleton.empty(3), world=torch.zeros(3, 25, 3))
    clip = analyse_motion(moving(Skeleton.joined([standing(5), gap, standing(5)]))[0])
    np.testing.assert_allclose(clip.unit, clip.unit[0], rtol=1e-6)
    np.testing.assert_allclose(clip.turn.trunk, 0, atol=1e-6)


@pytest.mark.parametrize("depth", [True, False])
@pytest.mark.parametrize(("before", "there", "after"), [(30, 9, 0), (0, 9, 30), (20, 1, 20)])
def test_who_is_mostly_absent_is_as_large_and_turned_as_who_is_there(
    before: int, there: int, after: int, depth: bool, world: World, standing: Standing,
    moving: Moving,
) -> None:  # fmt: skip
    def nobody(length: int) -> Skeleton:
        return replace(Skeleton.empty(length), world=torch.zeros(length, 25, 3))

    points = spun(world(), 40)
    points[[J.L_ELBOW, J.L_WRIST], 2] = 0.3
    seen = standing(there, world=points)
    clip = [part for part in (nobody(before), seen, nobody(after)) if len(part)]
    skeleton = Skeleton.joined(clip)
    if not depth:
        skeleton, seen = replace(skeleton, world=None), replace(seen, world=None)
    got, alone = analyse_motion(moving(skeleton)[0]), analyse_motion(moving(seen)[0])
    np.testing.assert_allclose(got.unit, alone.unit[0], rtol=1e-6)
    np.testing.assert_allclose(got.turn.trunk, alone.turn.trunk[0], atol=1e-6)
    now = slice(before, before + there)
    np.testing.assert_array_equal(got.behind[now], alone.behind)
    np.testing.assert_array_equal(got.left_leg_first[now], alone.left_leg_first)


def test_limbs_that_are_mostly_not_found_do_not_change_the_size(
    standing: Standing, moving: Moving
) -> None:
    skeleton = standing(20)
    skeleton.body[3:, [3, 4, 6, 7, 10, 11, 13, 14]] = 0
    assert analyse_motion(moving(skeleton)[0]).unit == pytest.approx(np.full(20, 120), rel=0.1)


@pytest.mark.parametrize("depth", [True, False])
def test_the_unit_of_a_portrait(depth: bool, standing: Standing) -> None:
    """Of head and shoulders no limb is seen; an estimator guesses the others, too short."""
    skeleton = standing()
    below = [3, 4, 6, 7, *range(8, 15), *range(19, 25)]
    skeleton.body[0, below] = torch.tensor([80.0, 130.0, 0.01])
    assert skeleton.world is not None
    skeleton.world[0, below] *= 0.4
    if not depth:
        skeleton = replace(skeleton, world=None)
    assert still(skeleton).unit[0] == pytest.approx(120, rel=0.2)


@pytest.mark.parametrize("depth", [True, False])
def test_nothing_is_mixed_over_a_cut(
    depth: bool, world: World, standing: Standing, moving: Moving
) -> None:
    """Two shots, the second of them twice as large and turned away."""
    first, second = standing(20), standing(20, world=spun(world(), 60))
    second = second.moved(torch.tensor([[[2.0, 0, 0], [0, 2.0, 0]]]).expand(20, 2, 3))
    if not depth:
        first, second = replace(first, world=None), replace(second, world=None)
    motion = moving(Skeleton.joined([first, second]))[0]
    cut = replace(motion, clip=replace(motion.clip, cuts=(20,)))
    both = analyse_motion(cut)
    for shot, part in ((slice(0, 20), first), (slice(20, 40), second)):
        alone = analyse_motion(moving(part)[0])
        np.testing.assert_array_equal(both.unit[shot], alone.unit)
        np.testing.assert_array_equal(both.turn.trunk[shot], alone.turn.trunk)
        np.testing.assert_array_equal(both.turn.feet[shot], alone.turn.feet)
        np.testing.assert_array_equal(both.behind[shot], alone.behind)
    assert both.unit[25] == pytest.approx(2 * both.unit[15], rel=1e-3)
    assert both.unit[20] == pytest.approx(2 * both.unit[19], rel=1e-3)


@pytest.mark.parametrize("missing", [[J.L_BIG_TOE], [J.L_HEEL], [J.L_BIG_TOE, J.L_HEEL]])
def test_without_depth_a_foot_that_is_not_found_faces_the_camera(
    missing: list[Joint], standing: Standing
) -> None:
    skeleton = replace(standing(), world=None)
    skeleton.body[0, missing] = 0  # unknown points lie in the corner
    assert still(skeleton).turn.feet[0, 0] == pytest.approx(0)


def test_without_depth_shoulders_that_are_not_found_face_the_camera(standing: Standing) -> None:
    skeleton = replace(standing(), world=None)
    skeleton.body[0, [J.L_SHOULDER]] = 0
    assert still(skeleton).turn.trunk[0] == pytest.approx(0, abs=1e-6)
