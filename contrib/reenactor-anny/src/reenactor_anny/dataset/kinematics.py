"""From a posture to one turn and one place for every bone of a body, by directions alone."""

import numpy as np

from reenactor.joints import MIRRORED_BODY, Joint
from reenactor_anny.body import Body
from reenactor_anny.bones import SIGN, Bones, Turns, bend_hand
from reenactor_anny.dataset.clearance import Trunk
from reenactor_anny.dataset.posture import Joints, Posture
from reenactor_anny.mesh import Array
from reenactor_anny.turning import (
    DOWN,
    FRONT,
    LEFT,
    about,
    at_most,
    between,
    frame,
    part_of,
    unit_vector,
)

ARM = {"L": (Joint.L_SHOULDER, Joint.L_ELBOW, Joint.L_WRIST)}
LEG = {"L": (Joint.L_HIP, Joint.L_KNEE, Joint.L_ANKLE, Joint.L_HEEL, Joint.L_BIG_TOE)}
ARM["R"] = tuple(Joint(MIRRORED_BODY[joint]) for joint in ARM["L"])  # type: ignore[assignment]  # as many as on the left
LEG["R"] = tuple(Joint(MIRRORED_BODY[joint]) for joint in LEG["L"])  # type: ignore[assignment]  # as many as on the left
FOOT_TURN = 60.0
"""How far at most a foot is turned on the shin, degrees."""
NECK_TURN = 80.0
"""How far at most the head is turned on the chest, degrees."""


def pose_bones(body: Body, trunk: Trunk, posture: Posture) -> Bones:
    """Every bone's direction as the posture has it; the body keeps its own lengths.

    Only arms that would be inside the `trunk` of this body are held further off.
    """
    turns: Turns = {}
    joints = posture.joints
    _trunk(body, joints, turns)
    _head(joints, turns)
    for side, hand in zip("LR", posture.hands, strict=True):
        _arm(body, trunk, joints, side, hand, turns)
        _leg(body, joints, side, turns)
    places = np.zeros((len(body.labels), 3))
    for bone, label in enumerate(body.labels):
        parent = body.parents[bone]
        if parent < 0:
            continue
        above = turns[body.labels[parent]]
        places[bone] = places[parent] + above @ (body.heads[bone] - body.heads[parent])
        if label not in turns:
            turns[label] = above
    stacked = np.stack([turns[label] for label in body.labels])
    return Bones(stacked, places, body.heads)


def _trunk(body: Body, joints: Joints, turns: Turns) -> None:
    """Hips and shoulders say where left is, the spine where up is; its bones go half-way."""
    rest_up = _middle(body, "upperarm01") - _middle(body, "upperleg01")
    up = joints[Joint.NECK] - joints[Joint.MID_HIP]
    rest = frame(rest_up, LEFT)
    hips = joints[Joint.L_HIP] - joints[Joint.R_HIP]
    shoulders = joints[Joint.L_SHOULDER] - joints[Joint.R_SHOULDER]
    chest = frame(up, shoulders) @ rest.T
    across = 0.75 * unit_vector(hips) + 0.25 * unit_vector(shoulders)
    legs = sum((joints[Joint.R_KNEE + 3 * k] - joints[Joint.R_HIP + 3 * k]) for k in (0, 1))
    upright = unit_vector(up) - 0.25 * unit_vector(np.asarray(legs))
    pelvis = frame(upright, across) @ rest.T
    turns["root"] = pelvis
    step = part_of(pelvis.T @ chest, 0.25)
    current = pelvis
    for name in ("spine05", "spine04", "spine03", "spine02"):
        current = current @ step
        turns[name] = current
    turns["spine01"] = chest


def _head(joints: Joints, turns: Turns) -> None:
    chest = turns["spine01"]
    across = joints[Joint.L_EAR] - joints[Joint.R_EAR]
    middle = (joints[Joint.L_EAR] + joints[Joint.R_EAR]) / 2
    ahead = joints[Joint.NOSE] - middle
    # At rest the nose is as far below the ears as it is in the postures of an upright head.
    rest = frame(LEFT, FRONT + 0.12 * DOWN)
    turn = at_most(chest.T @ frame(across, ahead) @ rest.T, NECK_TURN)
    step = part_of(turn, 0.25)
    current = chest
    for name in ("neck01", "neck02", "neck03"):
        current = current @ step
        turns[name] = current
    turns["head"] = chest @ turn


def _arm(
    body: Body,
    trunk: Trunk,
    joints: Joints,
    side: str,
    hand: Array,
    turns: Turns,
) -> None:
    shoulder, elbow, wrist = ARM[side]
    chest, sign = turns["spine01"], SIGN[side]
    rest = [body.head(f"{bone}.{side}") for bone in ("upperarm01", "lowerarm01", "wrist")]
    rest_upper, rest_fore = rest[1] - rest[0], rest[2] - rest[1]
    upper = unit_vector(joints[elbow] - joints[shoulder])
    fore = unit_vector(joints[wrist] - joints[elbow])
    # Where a nearly straight arm does not say how it bends, it bends as at rest.
    hint = between(chest @ rest_upper, upper) @ chest @ unit_vector(rest_fore)
    lengths = float(np.linalg.norm(rest_upper)), float(np.linalg.norm(rest_fore))
    free = trunk.freed(rest[0], lengths, (chest.T @ upper, chest.T @ fore))
    upper, fore = (chest @ way for way in free)
    turn = frame(upper, fore + 0.12 * hint) @ frame(rest_upper, rest_fore).T
    hinge = turn @ np.cross(rest_upper, rest_fore)
    lower = frame(fore, hinge) @ frame(rest_fore, np.cross(rest_upper, rest_fore)).T
    raised = np.degrees(np.arccos(np.clip(upper @ chest @ DOWN, -1, 1)))
    forward = float(upper @ chest @ FRONT)
    collar = chest @ about(FRONT, sign * max(0.0, float(raised) - 45) * 0.2)
    collar = collar @ about(DOWN, sign * 8 * forward)
    turns[f"clavicle.{side}"] = collar
    turns[f"shoulder01.{side}"] = collar @ part_of(collar.T @ turn, 0.25)
    turns[f"upperarm01.{side}"] = turns[f"upperarm02.{side}"] = turn
    turns[f"lowerarm01.{side}"] = lower
    curl, palm, bend = (float(value) for value in hand)
    turns[f"lowerarm02.{side}"] = about(fore, -sign * palm / 2) @ lower
    bend_hand(body, side, about(fore, -sign * palm) @ lower, curl, bend, turns)


def _leg(body: Body, joints: Joints, side: str, turns: Turns) -> None:
    """A knee bends backward: thigh and shin say where its front is, or the pelvis and the foot."""
    hip, knee, ankle, heel, toe = LEG[side]
    pelvis = turns["root"]
    rest = [body.head(f"{bone}.{side}") for bone in ("upperleg01", "lowerleg01", "foot")]
    thigh = unit_vector(joints[knee] - joints[hip])
    shin = unit_vector(joints[ankle] - joints[knee])
    foot = unit_vector(joints[toe] - joints[heel])
    front = 2.5 * (thigh - shin) + 0.5 * pelvis @ FRONT + 0.35 * foot
    upper = frame(thigh, front) @ frame(rest[1] - rest[0], FRONT).T
    front = 2.5 * (thigh - shin) + 0.35 * pelvis @ FRONT + 0.5 * foot
    lower = frame(shin, front) @ frame(rest[2] - rest[1], FRONT).T
    for number in ("1", "2"):
        turns[f"upperleg0{number}.{side}"] = upper
        turns[f"lowerleg0{number}.{side}"] = lower
    rest_foot = body.head(f"toe2-1.{side}") - rest[2]
    rest_foot = rest_foot * np.array([1, 1, 0])
    tread = frame(foot, -shin) @ frame(rest_foot, -DOWN).T
    turns[f"foot.{side}"] = lower @ at_most(part_of(lower.T @ tread, 0.85), FOOT_TURN)


def _middle(body: Body, bone: str) -> Array:
    return np.asarray((body.head(f"{bone}.L") + body.head(f"{bone}.R")) / 2)
