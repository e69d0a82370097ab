"""Stick figures with known proportions, retargeted."""

import pytest
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor.ops.retarget import pixels_per_metre, retarget
from reenactor.values import Skeleton

J = Joint

SCALE = 200.0
GROUND = 700.0
FEET = list(range(J.L_BIG_TOE, J.R_HEEL + 1))


def standing(legs: float = 1.0, head: float = 1.0) -> Tensor:
    """Somebody standing, in metres from between the hips: `(25, 3)`."""
    half = {
        J.L_SHOULDER: (0.17, -0.5), J.L_ELBOW: (0.23, -0.22), J.L_WRIST: (0.25, 0.02),
        J.L_HIP: (0.1, 0.0), J.L_KNEE: (0.11, 0.42 * legs), J.L_ANKLE: (0.11, 0.82 * legs),
        J.L_BIG_TOE: (0.14, 0.82 * legs + 0.08), J.L_SMALL_TOE: (0.17, 0.82 * legs + 0.07),
        J.L_HEEL: (0.11, 0.82 * legs + 0.05),
        J.L_EYE: (0.03 * head, -0.7 - 0.03 * head), J.L_EAR: (0.07 * head, -0.7),
    }  # fmt: skip
    twins = dict(zip((5, 6, 7, 12, 13, 14, 16, 18, 19, 20, 21), (2, 3, 4, 9, 10, 11, 15, 17, 22, 23, 24), strict=True))  # noqa: E501  # fmt: skip
    points = torch.zeros(25, 3)
    for joint, (x, y) in half.items():
        points[joint, :2] = torch.tensor([x, y])
        points[twins[int(joint)], :2] = torch.tensor([-x, y])
    points[J.NECK] = torch.tensor([0.0, -0.5, 0.0])
    points[J.NOSE] = torch.tensor([0.0, -0.68, -0.1 * head])
    return points


def person(world: Tensor, length: int = 1, measured: bool = True) -> Skeleton:
    """That figure seen from the front, feet on the ground, hands and face somewhere on it."""
    shift = torch.tensor([300.0, GROUND - float(world[FEET, 1].max()) * SCALE])
    body = torch.cat([world[:, :2] * SCALE + shift, torch.ones(25, 1)], 1)
    hands = torch.stack([body[J.L_WRIST], body[J.R_WRIST]])[:, None].repeat(1, 21, 1)
    hands[..., 1] += torch.arange(21.0)
    face = body[J.NOSE].repeat(70, 1)
    face[:, 0] += torch.arange(70.0) / 10
    many = [part[None].repeat(length, *[1] * part.ndim) for part in (body, hands, face, world)]
    return Skeleton(many[0], many[1], many[2], many[3] if measured else None)


@pytest.mark.parametrize("measured", [True, False])
def test_the_same_person_stays(measured: bool) -> None:
    driver = person(standing(), 5, measured)
    result = retarget(driver, person(standing(), 1, measured))
    for got, expected in (
        (result.body, driver.body), (result.hands, driver.hands), (result.face, driver.face),
    ):  # fmt: skip
        torch.testing.assert_close(got, expected, atol=0.5, rtol=0)


@pytest.mark.parametrize("measured", [True, False])
def test_longer_legs_stand_on_the_same_ground_with_higher_hips(measured: bool) -> None:
    driver = person(standing(), 5, measured)
    result = retarget(driver, person(standing(legs=1.3), 1, measured))
    assert float(result.body[:, FEET, 1].max()) == pytest.approx(GROUND, abs=0.5)
    assert float(result.body[0, J.MID_HIP, 1]) < float(driver.body[0, J.MID_HIP, 1]) - 8
    # The standing height is the driver's: neck to ankle is 1.32 m of his and 1.566 m of hers.
    thigh = result.body[0, J.L_KNEE] - result.body[0, J.L_HIP]
    trunk = result.body[0, J.MID_HIP] - result.body[0, J.NECK]
    assert float(thigh[:2].norm() / trunk[:2].norm()) == pytest.approx(1.3 * 0.42 / 0.5, rel=0.03)


def test_a_target_in_other_pixels_is_the_same_target() -> None:
    driver, target = person(standing(), 3), person(standing(legs=1.2))
    matrix = torch.tensor([[[0.4, 0.0, 17.0], [0.0, 0.4, -30.0]]])
    one, other = retarget(driver, target), retarget(driver, target.moved(matrix))
    torch.testing.assert_close(one.body, other.body, atol=0.1, rtol=0)


def test_a_jump_stays_a_jump() -> None:
    driver = person(standing(), 9)
    lift = torch.tensor([0, 0, 20, 50, 70, 50, 20, 0, 0.0])
    driver.body[..., 1] -= lift[:, None]
    result = retarget(driver, person(standing(legs=1.3)))
    feet = result.body[:, FEET, 1].amax(1)
    torch.testing.assert_close(GROUND - feet, lift, atol=0.5, rtol=0)


def test_a_squat_does_not_sink() -> None:
    world = standing()
    world[[J.L_KNEE, J.R_KNEE], 1] -= 0.15
    world[[J.L_KNEE, J.R_KNEE], 2] = -0.35
    world[[J.L_ANKLE, J.R_ANKLE, *FEET], 1] -= 0.4
    low = person(world)
    driver = Skeleton.joined([person(standing(), 4), low])
    result = retarget(driver, person(standing(legs=1.3)))
    assert float(result.body[-1, FEET, 1].max()) == pytest.approx(GROUND, abs=0.5)
    assert float(result.body[-1, J.MID_HIP, 1]) > float(result.body[0, J.MID_HIP, 1]) + 20


def test_the_targets_head_has_its_own_size() -> None:
    driver = person(standing(), 2)
    result = retarget(driver, person(standing(head=1.2)))
    ears = result.body[0, J.L_EAR] - result.body[0, J.R_EAR]
    assert float(ears[0]) == pytest.approx(1.2 * 0.14 * SCALE, rel=0.06)


def test_hands_go_with_their_wrists_and_confidences_stay() -> None:
    driver = person(standing(), 2)
    driver.hands[0, 1, :, 2] = 0
    result = retarget(driver, person(standing(legs=1.3)))
    torch.testing.assert_close(result.hands[:, 0, 0, :2], result.body[:, J.L_WRIST, :2])
    torch.testing.assert_close(result.hands[..., 2], driver.hands[..., 2])


def test_what_is_hidden_of_the_target_is_taken_from_its_other_side() -> None:
    driver, whole = person(standing(), 2), person(standing(legs=1.3))
    half = person(standing(legs=1.3))
    half.body[0, [J.R_KNEE, J.R_ANKLE, J.R_BIG_TOE, J.R_SMALL_TOE, J.R_HEEL]] = 0
    torch.testing.assert_close(
        retarget(driver, half).body, retarget(driver, whole).body, atol=3, rtol=0
    )


def test_an_occluded_limb_does_not_explode() -> None:
    driver = person(standing(), 6)
    driver.body[3, J.R_WRIST] = torch.tensor([9e4, -9e4, 0.0])
    driver.body[4, J.R_ELBOW] = torch.tensor([-9e4, 9e4, 0.1])
    result = retarget(driver, person(standing(legs=1.2)))
    arms = [J.R_SHOULDER, J.R_ELBOW, J.R_WRIST]
    assert bool(torch.isfinite(result.body).all())
    assert float(result.body[:, arms, :2].abs().max()) < 2000


def test_nobody_known_of_the_target_leaves_the_driver() -> None:
    driver = person(standing(), 3)
    result = retarget(driver, Skeleton.empty(1))
    torch.testing.assert_close(result.body, driver.body, atol=0.5, rtol=0)


def test_an_empty_clip_is_an_empty_clip() -> None:
    assert len(retarget(Skeleton.empty(0), person(standing()))) == 0


def test_pixels_per_metre() -> None:
    torch.testing.assert_close(pixels_per_metre(person(standing(), 2)), torch.full((2,), SCALE))
    assert float(pixels_per_metre(Skeleton.empty(1))[0]) == 1


def test_pixels_per_metre_of_a_portrait_and_of_a_single_joint() -> None:
    portrait = person(standing())
    portrait.body[0, [3, 4, *range(6, 15), *range(19, 25)], 2] = 0
    assert float(pixels_per_metre(portrait)[0]) == pytest.approx(SCALE, rel=1e-4)
    portrait.body[0, 1:, 2] = 0
    assert torch.isnan(pixels_per_metre(portrait)).all()


def test_frames_that_do_not_tell_the_scale_change_nothing() -> None:
    """Three joints are seen in most frames: lengths in pixels are not mixed with metres."""
    clear, target = person(standing(), 9), person(standing(legs=1.2))
    vague = person(standing(), 40)
    vague.body[:, [j for j in range(25) if j not in (J.L_HIP, J.L_KNEE, J.L_ANKLE)], 2] = 0
    expected = retarget(clear, target).body
    got = retarget(Skeleton.joined([clear, vague]), target).body
    assert torch.isfinite(got).all()
    torch.testing.assert_close(got[:9], expected)


def neck(body: Tensor) -> float:
    """From the neck to between the ears, over the trunk."""
    head = body[0, [J.L_EAR, J.R_EAR], :2].mean(0)
    trunk = body[0, J.NECK, :2] - body[0, J.MID_HIP, :2]
    return float((head - body[0, J.NECK, :2]).norm() / trunk.norm())


@pytest.mark.parametrize("longer", [0.8, 1.0, 1.3])
@pytest.mark.parametrize("measured", [True, False])
def test_the_targets_neck_has_its_own_length(longer: float, measured: bool) -> None:
    world = standing()
    head = [J.NOSE, J.L_EYE, J.R_EYE, J.L_EAR, J.R_EAR]
    world[head, 1] -= 0.2 * (longer - 1)  # the ears are 0.2 m above the neck
    result = retarget(person(standing(), 3, measured), person(world, 1, measured))
    assert neck(result.body) == pytest.approx(longer * 0.2 / 0.5, rel=0.02)
    if result.world is not None:
        assert neck(result.world) == pytest.approx(longer * 0.2 / 0.5, rel=0.02)


def test_a_neck_that_is_not_seen_is_an_average_one() -> None:
    """Of a height of 1.7 m the head's middle is about a ninth above the neck."""
    target = person(standing())
    target.body[:, [J.L_EAR, J.R_EAR], 2] = 0
    result = retarget(person(standing(), 3), target)
    assert neck(result.body) * 0.5 == pytest.approx(1.7 / 9, rel=0.05)
