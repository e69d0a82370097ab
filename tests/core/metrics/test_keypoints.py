"""AKD, MKR and PCK by hand."""

import pytest
import torch

from reenactor.joints import Joint
from reenactor.metrics.keypoints import POINTS, akd, hand_pck, mkr, pck
from reenactor.testing.cartoon import Drawn


def test_identity(drawn: Drawn) -> None:
    body = drawn.skeleton.body
    assert akd(body, body).tolist() == [0] * 4
    assert mkr(body, body).tolist() == [0] * 4
    assert pck(body, body).tolist() == [1] * 4


def test_a_shift_is_told_in_both_directions(drawn: Drawn) -> None:
    body = drawn.skeleton.body
    moved = body + torch.tensor([3.0, -4.0, 0])
    assert akd(moved, body).tolist() == pytest.approx([7] * 4, abs=1e-4)
    torso = (body[:, Joint.NECK, :2] - body[:, Joint.MID_HIP, :2]).norm(dim=-1)
    for alpha, share in ((5.1, 1.0), (4.9, 0.0)):
        found = [float(pck(moved[t : t + 1], body[t : t + 1], alpha / float(torso[t]))[0])
                 for t in range(4)]  # fmt: skip
        assert found == [share] * 4


def test_lost_points_are_missing_not_near(drawn: Drawn) -> None:
    body = drawn.skeleton.body[:1]
    there = int((body[0, list(POINTS), 2] > 0.05).sum())
    lost = body.clone()
    lost[0, [Joint.L_WRIST, Joint.R_WRIST]] = 0
    assert float(mkr(lost, body)[0]) == pytest.approx(2 / there)
    assert float(akd(lost, body)[0]) == 0
    assert float(pck(lost, body)[0]) == pytest.approx(1 - 2 / there)
    # Points that only the result shows are no fault of it.
    assert float(mkr(body, lost)[0]) == 0


def test_nobody(drawn: Drawn) -> None:
    body = drawn.skeleton.body[:1]
    nobody = torch.zeros_like(body)
    assert torch.isnan(akd(nobody, body)).all()
    assert mkr(nobody, body).tolist() == [1]
    assert pck(nobody, body).tolist() == [0]
    assert torch.isnan(mkr(body, nobody)).all()
    assert torch.isnan(pck(body, nobody)).all()


def test_feet_and_mid_hip_are_not_among_the_18() -> None:
    assert len(POINTS) == 18
    assert Joint.MID_HIP not in POINTS
    assert max(POINTS) == Joint.L_EAR


def _hand(x: float) -> torch.Tensor:
    """A hand of 21 points on a line, 40 pixels tall."""
    hand = torch.ones(21, 3)
    hand[:, 0] = x
    hand[:, 1] = torch.linspace(100, 140, 21)
    return hand


def test_hands_are_near_within_a_share_of_their_box() -> None:
    truth = torch.stack([_hand(50), _hand(200)])[None]
    assert hand_pck(truth, truth).tolist() == [1]
    shifted = truth + torch.tensor([7.9, 0, 0])  # 0.2 * 40 is 8
    assert hand_pck(shifted, truth).tolist() == [1]
    shifted[0, 1, :, 0] += 0.2
    assert hand_pck(shifted, truth).tolist() == [0.5]


def test_swapped_or_missing_hands_are_not_near() -> None:
    truth = torch.stack([_hand(50), _hand(200)])[None]
    assert hand_pck(truth.flip(1), truth).tolist() == [0]
    lost = truth.clone()
    lost[0, 0] = 0
    assert hand_pck(lost, truth).tolist() == [0.5]
    # Hands that only the result shows are no fault of it, and without a hand there is no figure.
    assert hand_pck(truth, lost).tolist() == [1]
    assert torch.isnan(hand_pck(truth, torch.zeros_like(truth))).all()
