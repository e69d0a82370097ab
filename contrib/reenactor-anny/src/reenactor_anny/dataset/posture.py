"""A posture: joints in space and what the hands do; made up at random within human limits."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from reenactor.joints import MIRRORED_BODY, Joint
from reenactor_anny.mesh import Array
from reenactor_anny.turning import DOWN, FRONT, LEFT, about, unit_vector

Joints = Float[np.ndarray, "25 3"]


@dataclass(frozen=True)
class Posture:
    """`joints` (25, 3) in metres, from between the hips; only directions count.

    `hands` (2, 3), the left one first: how far the fingers are curled (0 flat, 1 a fist), and by
    how many degrees the forearm is twisted (palm backward) and the wrist bent (to the palm).
    """

    joints: Joints
    hands: Float[np.ndarray, "2 3"]

    def mirrored(self) -> "Posture":
        flipped = self.joints[list(MIRRORED_BODY)] * np.array([-1.0, 1, 1])
        return Posture(flipped, self.hands[::-1].copy())

    def seen_from(self, turn: Array) -> "Posture":
        return replace(self, joints=self.joints @ turn.T)


Limits = dict[str, tuple[float, float]]

ANY: Limits = {
    "bend": (-8, 14), "side": (-10, 10), "twist": (-15, 15), "look": (-35, 35), "nod": (-12, 18),
    "arm": (5, 35), "swing": (-40, 70), "elbow": (5, 60), "roll": (-25, 25),
    "flex": (-8, 12), "apart": (1, 12), "knee": (1, 14), "toe": (0, 25),
}  # fmt: skip
"""Degrees. Arms: `arm` raised from hanging, to the front by `swing` (0 is sideways). Legs: `flex`
to the front, `apart` sideways."""

KINDS: tuple[tuple[float, Limits], ...] = (
    (0.22, {}),
    (0.13, {"arm": (10, 45), "swing": (0, 90), "elbow": (30, 125), "roll": (-50, 30)}),
    (0.12, {"flex": (-25, 30), "knee": (2, 50), "arm": (5, 40), "swing": (-100, 95)}),
    (0.14, {"arm": (60, 170), "swing": (-10, 60), "elbow": (0, 90), "roll": (-80, 80)}),
    (0.16, {"arm": (20, 150), "swing": (-30, 95), "elbow": (5, 120), "roll": (-90, 60),
            "flex": (-25, 50), "apart": (0, 40), "knee": (3, 70), "side": (-22, 22),
            "twist": (-30, 30), "toe": (0, 35)}),
    (0.10, {"bend": (10, 40), "flex": (30, 100), "knee": (40, 125), "apart": (3, 28),
            "arm": (20, 95), "swing": (40, 95)}),
    (0.08, {"apart": (8, 45), "side": (-28, 28), "arm": (30, 170), "knee": (2, 30)}),
    (0.05, {"arm": (14, 40), "swing": (-35, -5), "elbow": (60, 120), "roll": (60, 110)}),
)  # fmt: skip
"""How often which kind: standing, before the body, walking, arms up, dancing, crouching,
stretching, hands on hips."""


def made_up(rng: np.random.Generator, kind: Limits | None = None) -> Posture:
    """A random posture within the limits of a kind, or of a random one."""
    if kind is None:
        kind = KINDS[rng.choice(len(KINDS), p=[share for share, _ in KINDS])][1]
    limits = ANY | kind

    def draw(name: str) -> float:
        low, high = limits[name]
        return float(low + (high - low) * rng.beta(1.6, 1.6))

    spin = float(rng.uniform(-180, 180)) if rng.random() < 0.12 else 0.0
    pelvis = about(DOWN, spin)
    chest = pelvis @ about(DOWN, draw("twist")) @ about(FRONT, draw("side"))
    chest = chest @ about(LEFT, draw("bend"))
    head = chest @ about(DOWN, draw("look")) @ about(LEFT, draw("nod"))
    joints = np.zeros((25, 3))
    joints[Joint.NECK] = chest @ np.array([0, 0, 0.50])
    _place_head(joints, head)
    for sign, names in ((1, _LEFT), (-1, _RIGHT)):
        _place_arm(joints, chest, sign, names, [draw(n) for n in ("arm", "swing", "elbow", "roll")])
        _place_leg(joints, pelvis, sign, names, [draw(n) for n in ("flex", "apart", "knee", "toe")])
    return Posture(joints, random_hands(rng))


def random_hands(rng: np.random.Generator) -> Float[np.ndarray, "2 3"]:
    """Two hands at ease, now and then flat or a fist."""
    curl = rng.choice([0.0, 0.3, 0.45, 1.0], size=2, p=[0.2, 0.4, 0.3, 0.1])
    curl = curl + rng.uniform(-0.1, 0.1, 2)
    return np.stack([curl, rng.uniform(-50, 50, 2), rng.uniform(-25, 25, 2)], 1)


_LEFT = (Joint.L_SHOULDER, Joint.L_ELBOW, Joint.L_WRIST, Joint.L_HIP, Joint.L_KNEE, Joint.L_ANKLE,
         Joint.L_HEEL, Joint.L_BIG_TOE, Joint.L_SMALL_TOE)  # fmt: skip
_RIGHT = tuple(Joint(MIRRORED_BODY[joint]) for joint in _LEFT)


def _place_head(joints: Joints, head: Array) -> None:
    neck = joints[Joint.NECK]
    for joint, place in (
        (Joint.NOSE, (0, -0.13, 0.17)),
        (Joint.L_EYE, (0.03, -0.105, 0.205)),
        (Joint.R_EYE, (-0.03, -0.105, 0.205)),
        (Joint.L_EAR, (0.075, 0.0, 0.18)),
        (Joint.R_EAR, (-0.075, 0.0, 0.18)),
    ):
        joints[joint] = neck + head @ np.array(place)


def _place_arm(
    joints: Joints, chest: Array, sign: int, names: tuple[Joint, ...], angles: list[float]
) -> None:
    shoulder, elbow, wrist = names[:3]
    raised, swing, bend, roll = np.radians(angles)
    out, front = sign * LEFT, FRONT
    level = np.cos(swing) * out + np.sin(swing) * front
    upper = np.cos(raised) * DOWN + np.sin(raised) * level
    pole = front - upper * (upper @ front)
    if np.linalg.norm(pole) < 0.4:  # the arm points forward: it bends up and inward
        pole = -DOWN - 0.4 * out
    pole = about(unit_vector(upper), sign * float(np.degrees(roll))) @ unit_vector(
        pole - upper * (upper @ pole)
    )
    fore = np.cos(bend) * upper + np.sin(bend) * pole
    joints[shoulder] = joints[Joint.NECK] + chest @ (0.17 * sign * LEFT + 0.02 * DOWN)
    joints[elbow] = joints[shoulder] + chest @ upper * 0.29
    joints[wrist] = joints[elbow] + chest @ fore * 0.26


def _place_leg(
    joints: Joints, pelvis: Array, sign: int, names: tuple[Joint, ...], angles: list[float]
) -> None:
    hip, knee, ankle, heel, big, small = names[3:]
    flex, apart, bend, toe = angles
    out: Array = sign * LEFT
    turn = pelvis @ about(FRONT, sign * apart) @ about(DOWN, -sign * toe) @ about(LEFT, -flex)
    thigh, ahead = turn @ DOWN, turn @ FRONT
    lower = turn @ about(LEFT, bend)
    shin = lower @ DOWN
    joints[hip] = pelvis @ out * 0.095
    joints[knee] = joints[hip] + thigh * 0.42
    joints[ankle] = joints[knee] + shin * 0.40
    flat = ahead - DOWN * (ahead @ DOWN)
    foot = unit_vector(unit_vector(flat) + 0.6 * (lower @ FRONT))
    aside = np.cross(foot, shin) * -sign
    joints[heel] = joints[ankle] - 0.05 * foot + 0.05 * shin
    joints[big] = joints[ankle] + 0.16 * foot + 0.05 * shin
    joints[small] = joints[ankle] + 0.13 * foot + 0.05 * shin + 0.06 * unit_vector(aside)
