"""Foot sliding of skeletons whose ankles move at known speeds."""

import math

import pytest
import torch

from reenactor.joints import Joint
from reenactor.metrics.feet import foot_sliding

PLACES = {
    Joint.NECK: (100, 50), Joint.MID_HIP: (100, 150), Joint.L_HIP: (110, 150),
    Joint.R_HIP: (90, 150), Joint.L_KNEE: (110, 230), Joint.R_KNEE: (90, 230),
    Joint.L_ANKLE: (110, 310), Joint.R_ANKLE: (90, 310),
}  # fmt: skip
HEIGHT = 1.3 * (100 + 80 + 80)
FPS, SPAN = 25.0, 5


def standing_still(length: int = 20) -> torch.Tensor:
    body = torch.zeros(length, 25, 3)
    for joint, place in PLACES.items():
        body[:, joint] = torch.tensor([*place, 1.0])
    return body


def drifting(body: torch.Tensor, joint: Joint, pixels: float) -> torch.Tensor:
    """That joint moves to the right by so many pixels a frame."""
    moved = body.clone()
    moved[:, joint, 0] += pixels * torch.arange(len(body))
    return moved


def test_the_driver_itself_does_not_slide() -> None:
    body = standing_still()
    values = foot_sliding(body, body, FPS)
    assert values[:SPAN].isnan().all()  # the span is not over yet
    assert values[SPAN:].tolist() == [0] * 15


def test_a_sliding_foot_slides_at_its_speed() -> None:
    body = standing_still()
    values = foot_sliding(drifting(body, Joint.L_ANKLE, 2), body, FPS)[SPAN:]
    # One foot slides by 50 pixels a second, the other one stands.
    assert values.tolist() == pytest.approx([25 / HEIGHT] * 15)


def test_a_slow_camera_that_both_follow_counts_for_nothing() -> None:
    body = standing_still()
    for joint in PLACES:
        body = drifting(body, joint, 1)
    assert foot_sliding(body, body, FPS)[SPAN:].tolist() == [0] * 15


def test_only_feet_that_stand_are_measured() -> None:
    walking = drifting(standing_still(), Joint.L_ANKLE, 6)  # 6 * 5 pixels: it does not stand
    result = drifting(standing_still(), Joint.L_ANKLE, 30)
    assert foot_sliding(result, walking, FPS)[SPAN:].tolist() == [0] * 15
    raised = standing_still()
    raised[:, Joint.L_ANKLE, 1] -= 0.1 * HEIGHT  # held still in the air
    assert foot_sliding(drifting(raised, Joint.L_ANKLE, 2), raised, FPS)[SPAN:].tolist() == [0] * 15


def test_ankles_that_are_not_found_are_left_out() -> None:
    body = standing_still()
    lost = drifting(body, Joint.R_ANKLE, 2)
    lost[:, Joint.L_ANKLE] = 0
    assert foot_sliding(lost, body, FPS)[SPAN:].tolist() == pytest.approx([50 / HEIGHT] * 15)
    lost[:, Joint.R_ANKLE] = 0
    assert foot_sliding(lost, body, FPS).isnan().all()


def test_trembling_counts_by_where_it_ends() -> None:
    body = standing_still(SPAN + 1)
    trembling = body.clone()
    trembling[1:-1, Joint.L_ANKLE, 0] += torch.tensor([3.0, -3.0, 3.0, -3.0])
    assert float(foot_sliding(trembling, body, FPS)[-1]) == 0


def test_a_clip_shorter_than_the_span_has_no_figure() -> None:
    body = standing_still(SPAN)
    assert foot_sliding(body, body, FPS).isnan().all()
    assert math.isnan(float(foot_sliding(body[:1], body[:1], 1.0)[0]))
