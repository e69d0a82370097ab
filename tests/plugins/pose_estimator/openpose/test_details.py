"""Where hands and faces are looked for."""

import pytest
import torch

from reenactor.joints import Joint
from reenactor_plugins.pose_estimator.openpose.details import face_square, hand_squares


def body(**points: tuple[float, float]) -> torch.Tensor:
    out = torch.zeros(25, 3)
    for name, (x, y) in points.items():
        out[Joint[name]] = torch.tensor([x, y, 1.0])
    return out


def test_a_hand_is_beyond_its_wrist() -> None:
    arm = body(L_SHOULDER=(100, 50), L_ELBOW=(100, 150), L_WRIST=(180, 150))
    left, right = hand_squares(arm)
    assert right is None
    # A third of 80 further; 1.5 times the longer of 80 and .9 * 100.
    assert left == pytest.approx((180 + 0.33 * 80, 150, 135))


def test_a_hand_wants_its_whole_arm_and_some_pixels() -> None:
    assert hand_squares(body(R_ELBOW=(1, 2), R_WRIST=(30, 40))) == (None, None)
    tiny = body(R_SHOULDER=(10, 10), R_ELBOW=(10, 13), R_WRIST=(10, 16))
    assert hand_squares(tiny) == (None, None)


def test_a_face_from_the_front_is_a_mean() -> None:
    seen = body(
        NECK=(100, 160), NOSE=(100, 100), L_EYE=(112, 90), R_EYE=(88, 90), L_EAR=(128, 94),
        R_EAR=(72, 94),
    )  # fmt: skip
    # Neck and nose: 120 wide at y 130; eyes 72 at 90; ears 112 at 94.
    expected = (100, (130 + 90 + 94) / 3, (120 + 72 + 112) / 3)
    assert face_square(seen) == pytest.approx(expected)


def test_a_face_in_profile() -> None:
    seen = body(NECK=(100, 160), NOSE=(130, 120), L_EYE=(118, 108), L_EAR=(90, 112))
    reach = (30**2 + 40**2) ** 0.5
    around = (12**2 + 12**2) ** 0.5 + (40**2 + 8**2) ** 0.5
    expected = ((118 + 90 + 130) / 3, (108 + 112 + 120) / 3, 0.85 * (around + reach))
    assert face_square(seen) == pytest.approx(expected)


def test_no_face_no_square() -> None:
    assert face_square(body(NOSE=(10, 10))) is None
    assert face_square(body()) is None
