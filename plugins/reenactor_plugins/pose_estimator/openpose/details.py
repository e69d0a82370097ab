"""Where a body's hands and face are looked for: squares from its points.

The rules are those of OpenPose's hand and face detectors.
"""

from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from reenactor.joints import Joint

SURE = 0.05
"""Confidence from which a point may place a square."""
SMALLEST = 10.0
"""Pixels of a square's side below which there is nothing to see."""

ARMS = (
    (Joint.L_SHOULDER, Joint.L_ELBOW, Joint.L_WRIST),
    (Joint.R_SHOULDER, Joint.R_ELBOW, Joint.R_WRIST),
)
"""The left hand first."""

Square = tuple[float, float, float]
"""x and y of the middle, and the side, in pixels."""


def hand_squares(body: Float[Tensor, "25 3"]) -> tuple[Square | None, Square | None]:
    """Left and right hand: beyond the wrist by a third of the forearm, 1.5 forearms wide."""
    left, right = (_hand(body[list(arm)]) for arm in ARMS)
    return left, right


def _hand(arm: Float[Tensor, "3 3"]) -> Square | None:
    if bool((arm[:, 2] < SURE).any()):
        return None
    shoulder, elbow, wrist = arm[:, :2]
    upper, lower = ((b - a).norm() for a, b in pairwise((shoulder, elbow, wrist)))
    x, y = (wrist + 0.33 * (wrist - elbow)).tolist()
    return _large(x, y, 1.5 * max(float(lower), 0.9 * float(upper)))


def face_square(body: Float[Tensor, "25 3"]) -> Square | None:
    """Mean of what neck and nose, both eyes, and both ears say of the face."""
    place = {joint: body[joint, :2] for joint in Joint if float(body[joint, 2]) >= SURE}
    said: list[tuple[Tensor, float]] = []
    if Joint.NECK in place and Joint.NOSE in place:
        said.append(_by_neck(place))
    for one, other, factor in (
        (Joint.L_EYE, Joint.R_EYE, 3.0),
        (Joint.L_EAR, Joint.R_EAR, 2.0),
    ):
        if one in place and other in place:
            away = float((place[one] - place[other]).norm())
            said.append(((place[one] + place[other]) / 2, factor * away))
    if not said:
        return None
    x, y = torch.stack([middle for middle, _ in said]).mean(0).tolist()
    return _large(x, y, sum(side for _, side in said) / len(said))


def _by_neck(place: dict[Joint, Tensor]) -> tuple[Tensor, float]:
    """From the nose and the neck; in profile, with the eye and ear that are seen."""
    neck, nose = place[Joint.NECK], place[Joint.NOSE]
    reach = float((neck - nose).norm())
    sides = ((Joint.L_EYE, Joint.L_EAR), (Joint.R_EYE, Joint.R_EAR))
    seen = [[joint in place for joint in side] for side in sides]
    if [True, True] in seen and [False, False] in seen:
        eye, ear = (place[joint] for joint in sides[seen.index([True, True])])
        around = float((nose - eye).norm() + (nose - ear).norm())
        return torch.stack([eye, ear, nose]).mean(0), 0.85 * (around + reach)
    return (neck + nose) / 2, 2 * reach


def _large(x: float, y: float, side: float) -> Square | None:
    return (x, y, side) if side >= SMALLEST else None
