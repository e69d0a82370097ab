"""The puppet's joints: a skeleton with missing joints completed."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from reenactor.joints import Joint
from reenactor.values import Skeleton

J = Joint
HEAD = 25
"""The middle of the head, between the ears."""
TIP = {"left": 26, "right": 27}
"""The tips of the hands."""
NUM_POINTS = 28

Points = Float64[np.ndarray, "28 2"]

SIDES = ("left", "right")
SHOULDER = {"left": J.L_SHOULDER, "right": J.R_SHOULDER}
ELBOW = {"left": J.L_ELBOW, "right": J.R_ELBOW}
WRIST = {"left": J.L_WRIST, "right": J.R_WRIST}
HIP = {"left": J.L_HIP, "right": J.R_HIP}
KNEE = {"left": J.L_KNEE, "right": J.R_KNEE}
ANKLE = {"left": J.L_ANKLE, "right": J.R_ANKLE}
TOE = {"left": J.L_BIG_TOE, "right": J.R_BIG_TOE}
HEEL = {"left": J.L_HEEL, "right": J.R_HEEL}

HAND_LENGTH = 0.17
"""Distance from the wrist to the slightly bent finger tips, in metres."""
KNUCKLE = 9
"""Key point at the base of the middle finger, half-way to the tip."""

# Default offset of a joint from its parent in metres: standing, seen from the front.
# The person's left is at the picture's right; the right side is the mirror image.
_STANDING: tuple[tuple[int, int, tuple[float, float]], ...] = (
    (J.NECK, HEAD, (0.0, -0.22)),
    (J.NECK, J.L_SHOULDER, (0.17, 0.0)),
    (J.L_SHOULDER, J.L_ELBOW, (0.06, 0.27)),
    (J.L_ELBOW, J.L_WRIST, (0.02, 0.24)),
    (J.MID_HIP, J.L_HIP, (0.10, 0.0)),
    (J.L_HIP, J.L_KNEE, (0.02, 0.41)),
    (J.L_KNEE, J.L_ANKLE, (0.0, 0.40)),
    (J.L_ANKLE, J.L_BIG_TOE, (0.05, 0.09)),
    (J.L_ANKLE, J.L_HEEL, (0.0, 0.04)),
)
TRUNK_LENGTH = 0.50
"""Distance from the neck to mid-hip in metres."""
_LEFT, _RIGHT = (5, 6, 7, 12, 13, 14, 19, 21), (2, 3, 4, 9, 10, 11, 22, 24)
_MIRROR = {
    **dict(zip(_LEFT, _RIGHT, strict=True)),
    J.NECK: J.NECK,
    J.MID_HIP: J.MID_HIP,
    HEAD: HEAD,
}


@dataclass(frozen=True)
class PuppetJoints:
    """One person's joints in canvas pixels (`Joint`'s numbers, then head and hand tips).

    `seen` is False for completed joints. `unit` is pixels per metre.
    """

    points: Points
    seen: np.ndarray
    unit: float

    def __getitem__(self, joint: int) -> np.ndarray:
        point: np.ndarray = self.points[joint]
        return point


def complete_joints(
    skeleton: Skeleton, t: int, unit: float, hand_weight: tuple[float, float] = (1.0, 1.0)
) -> PuppetJoints | None:
    """The joints of frame `t`; None if no person is visible.

    Args:
        skeleton: in canvas pixels.
        t: index of the frame.
        unit: pixels per metre, for completed joints.
        hand_weight: weights of the key points of the left and the right hand.
    """
    body = skeleton.body[t].double().numpy()
    points = np.zeros((NUM_POINTS, 2))
    seen = np.zeros(NUM_POINTS, bool)
    points[:25], seen[:25] = body[:, :2], (body[:, 2] > 0) & np.isfinite(body).all(1)
    if not _find_trunk(points, seen, unit):
        return None
    _find_head(points, seen)
    _complete(points, seen, unit)
    for side, name in enumerate(SIDES):
        hand = skeleton.hands[t, side].double().numpy()
        points[TIP[name]] = _tip(points, name, hand, hand_weight[side], unit)
        seen[TIP[name]] = seen[WRIST[name]]
    return PuppetJoints(points, seen, unit)


def _find_trunk(points: np.ndarray, seen: np.ndarray, unit: float) -> bool:
    """Find neck and hips, to which all else is attached; False if impossible."""
    for middle, left, right in (
        (J.NECK, J.L_SHOULDER, J.R_SHOULDER),
        (J.MID_HIP, J.L_HIP, J.R_HIP),
    ):
        if not seen[middle] and seen[left] and seen[right]:
            points[middle], seen[middle] = (points[left] + points[right]) / 2, True
    down = np.array([0.0, TRUNK_LENGTH * unit])
    if not seen[J.NECK] and not seen[J.MID_HIP]:
        return False
    if not seen[J.NECK]:
        points[J.NECK] = points[J.MID_HIP] - down
    elif not seen[J.MID_HIP]:
        points[J.MID_HIP] = points[J.NECK] + down
    return True


def _find_head(points: np.ndarray, seen: np.ndarray) -> None:
    ears = [j for j in (J.L_EAR, J.R_EAR) if seen[j]]
    if len(ears) == 2:
        points[HEAD], seen[HEAD] = points[ears].mean(0), True
    elif seen[J.NOSE]:
        eyes = [j for j in (J.L_EYE, J.R_EYE) if seen[j]]
        points[HEAD] = points[[J.NOSE, *eyes]].mean(0)
        seen[HEAD] = True


def _complete(points: np.ndarray, seen: np.ndarray, unit: float) -> None:
    """Complete hidden joints by mirroring the other side, else with default offsets."""
    spine = points[J.MID_HIP] - points[J.NECK]
    spine = spine / max(float(np.linalg.norm(spine)), 1e-6)
    known = seen.copy()
    known[[J.NECK, J.MID_HIP]] = True
    for left_parent, left_child, standing in _STANDING:
        ends = (left_parent, left_child), (_MIRROR[left_parent], _MIRROR[left_child])
        for sign, (parent, child), (other_parent, other) in zip(
            (1, -1), ends, ends[::-1], strict=True
        ):
            if known[child]:
                continue
            if seen[other] and known[other_parent] and other != child:
                step = points[other] - points[other_parent]
                step = 2 * (step @ spine) * spine - step
            else:
                step = np.array([sign * standing[0], standing[1]]) * unit
            points[child] = points[parent] + step


def _tip(points: np.ndarray, name: str, hand: np.ndarray, weight: float, unit: float) -> np.ndarray:
    """The finger tips: along the forearm, or from the hand's key points."""
    wrist = points[WRIST[name]]
    forearm = wrist - points[ELBOW[name]]
    length = HAND_LENGTH * unit
    step = forearm / max(float(np.linalg.norm(forearm)), 1e-6)
    step = step * length * np.clip(np.linalg.norm(forearm) / (0.2 * unit + 1e-6), 0.55, 1)
    if hand[0, 2] > 0 and hand[KNUCKLE, 2] > 0 and weight > 0:
        own = 1.9 * (hand[KNUCKLE, :2] - hand[0, :2])
        size = max(float(np.linalg.norm(own)), 1e-6)
        own = own / size * np.clip(size, 0.5 * length, 1.05 * length)
        step = step + weight * (own - step)
    tip: np.ndarray = wrist + step
    return tip
