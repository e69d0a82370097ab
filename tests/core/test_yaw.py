"""Yaws of trunks that were turned by known angles."""

import math
from dataclasses import replace

import pytest
import torch

from reenactor.joints import Joint
from reenactor.values import Skeleton

# Of somebody who faces the camera, the left side is on the picture's right.
FACING = {
    Joint.L_SHOULDER: (0.2, -0.5, 0.0), Joint.R_SHOULDER: (-0.2, -0.5, 0.0),
    Joint.L_HIP: (0.1, 0.0, 0.0), Joint.R_HIP: (-0.1, 0.0, 0.0),
}  # fmt: skip


def turned(shoulders: float, hips: float) -> torch.Tensor:
    """Somebody whose left side went away from the camera by these degrees."""
    world = torch.zeros(1, 25, 3)
    for joint, (x, y, _) in FACING.items():
        angle = math.radians(hips if y == 0 else shoulders)
        world[0, joint] = torch.tensor([x * math.cos(angle), y, x * math.sin(angle)])
    return world


def yaw_of(world: torch.Tensor | None) -> torch.Tensor:
    return replace(Skeleton.empty(1), world=world).yaw


@pytest.mark.parametrize("degrees", [0, 30, 90, 150, -60, -170])
def test_the_angle_is_the_one_turned_by(degrees: float) -> None:
    assert float(yaw_of(turned(degrees, degrees))) == pytest.approx(degrees, abs=1e-3)


def test_a_twisted_trunk_is_turned_by_the_middle_even_across_180() -> None:
    assert float(yaw_of(turned(60, 20))) == pytest.approx(40, abs=1e-3)
    assert abs(float(yaw_of(turned(170, -170)))) == pytest.approx(180, abs=1e-3)


def test_the_right_side_shows_at_90() -> None:
    world = turned(90, 90)[0]
    # The camera looks along z: what is nearer has the smaller z.
    assert world[Joint.R_SHOULDER, 2] < world[Joint.L_SHOULDER, 2]


def test_somebody_without_a_trunk_has_no_yaw() -> None:
    assert math.isnan(float(yaw_of(torch.zeros(1, 25, 3))))
    assert math.isnan(float(yaw_of(None)))
