"""AKD, MKR and PCK by hand."""

import pytest
import torch

from reenactor.joints import Joint
from reenactor.metrics.keypoints import POINTS, akd, mkr, pck
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
