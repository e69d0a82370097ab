"""The mannequin: which solids stand between which joints, and which parts they are.

Part numbers are DensePose's (left and right are the person's own):

     1  2   trunk, back and front        3  4   right and left hand
     5  6   left and right foot         23 24   head and neck, right and left half
     7  9   right thigh, back and front  8 10   the left one's
    11 13   right shin, back and front  12 14   the left one's
    16 18   right upper arm, inner and outer side      15 17   the left one's
    20 22   right forearm, palm and back of the hand's 19 21   the left one's
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from reenactor.joints import Joint
from reenactor_plugins.pose_estimator.mannequin.body3d import Body3D, Vector, unit_vector
from reenactor_plugins.pose_estimator.mannequin.buffer import DepthBuffer
from reenactor_plugins.pose_estimator.mannequin.solids import (
    TaperedLimb,
    draw_head,
    draw_limb,
    draw_trunk,
)

HEAD = (0.245, 0.30, 0.345)
"""Half the head's width, depth and height, in shoulder widths."""

Hand = Float[np.ndarray, "21 3"]


@dataclass(frozen=True)
class BodySide:
    """What one side of the body is made of. `sign` is 1 for the left, -1 for the right."""

    sign: int
    shoulder: Joint
    elbow: Joint
    wrist: Joint
    hip: Joint
    knee: Joint
    ankle: Joint
    heel: Joint
    toes: tuple[Joint, Joint]
    upper_arm: tuple[int, int]
    forearm: tuple[int, int]
    hand: int
    thigh: tuple[int, int]
    shin: tuple[int, int]
    foot: int


LEFT = BodySide(
    1, Joint.L_SHOULDER, Joint.L_ELBOW, Joint.L_WRIST, Joint.L_HIP, Joint.L_KNEE, Joint.L_ANKLE,
    Joint.L_HEEL, (Joint.L_BIG_TOE, Joint.L_SMALL_TOE), (15, 17), (19, 21), 4, (10, 8), (14, 12), 5,
)  # fmt: skip
RIGHT = BodySide(
    -1, Joint.R_SHOULDER, Joint.R_ELBOW, Joint.R_WRIST, Joint.R_HIP, Joint.R_KNEE, Joint.R_ANKLE,
    Joint.R_HEEL, (Joint.R_BIG_TOE, Joint.R_SMALL_TOE), (16, 18), (20, 22), 3, (9, 7), (13, 11), 6,
)  # fmt: skip


def draw_doll(
    buffer: DepthBuffer, figure: Body3D, hands: tuple[Hand, Hand], thickness: float
) -> None:
    """Draw one person; `hands` are the left and the right one's key points."""
    unit = figure.unit * thickness
    neck, hips = figure.joints[Joint.NECK], figure.joints[Joint.MID_HIP]
    draw_trunk(
        buffer,
        neck - 0.10 * figure.unit * figure.down,
        hips + 0.36 * figure.unit * figure.down,
        unit,
        figure.left,
        figure.front,
    )
    _draw_head(buffer, figure, unit)
    for side, hand in zip((LEFT, RIGHT), hands, strict=True):
        _draw_arm(buffer, figure, side, unit)
        _draw_hand(buffer, figure, side, hand, unit)
        _draw_leg(buffer, figure, side, unit)


def _draw_head(buffer: DepthBuffer, figure: Body3D, unit: float) -> None:
    left, _, up = figure.head
    neck = figure.joints[Joint.NECK]
    if figure.has(Joint.L_EAR, Joint.R_EAR):
        center = figure.middle(Joint.L_EAR, Joint.R_EAR) + 0.10 * figure.unit * up
    elif figure.has(Joint.NOSE):
        center = neck - 0.62 * figure.unit * figure.down
        center[:2] = 0.5 * center[:2] + 0.5 * figure.joints[Joint.NOSE, :2]
    else:
        return
    draw_head(buffer, center, (HEAD[0] * unit, HEAD[1] * unit, HEAD[2] * unit), figure.head)
    draw_limb(
        buffer,
        TaperedLimb(
            (neck + 0.05 * figure.unit * figure.down, center),
            (0.17 * unit, 0.15 * unit),
            facing=left,
            rising=figure.front,
            parts=(24, 23),
        ),
    )


def _draw_arm(buffer: DepthBuffer, figure: Body3D, side: BodySide, unit: float) -> None:
    """The inner side of a hanging arm faces the body, its crease the front."""
    joints = figure.joints
    inward = -side.sign * figure.left
    if figure.has(side.shoulder, side.elbow):
        arm = unit_vector(joints[side.elbow] - joints[side.shoulder])
        inner = side.sign * np.cross(arm, figure.front) + 0.2 * inward
        ends = (joints[side.shoulder], joints[side.elbow])
        radii = (0.17 * unit, 0.13 * unit)
        draw_limb(buffer, TaperedLimb(ends, radii, inner, figure.front, side.upper_arm))
    if figure.has(side.elbow, side.wrist):
        forearm = unit_vector(joints[side.wrist] - joints[side.elbow])
        crease = figure.front * 0.3
        if figure.has(side.shoulder):
            crease = crease + unit_vector(joints[side.shoulder] - joints[side.elbow])
        crease = crease - forearm * (crease @ forearm)
        palm = side.sign * np.cross(forearm, crease) + 0.05 * inward
        ends = (joints[side.elbow], joints[side.wrist])
        radii = (0.13 * unit, 0.085 * unit)
        draw_limb(buffer, TaperedLimb(ends, radii, palm, crease, side.forearm))


def _draw_hand(
    buffer: DepthBuffer, figure: Body3D, side: BodySide, hand: Hand, unit: float
) -> None:
    """To the middle of the finger tips, where fingers are seen; else on where the forearm goes."""
    if not figure.has(side.elbow, side.wrist):
        return
    wrist = figure.joints[side.wrist]
    reach = wrist - figure.joints[side.elbow]
    tips = hand[[8, 12, 16, 20]]
    if (tips[:, 2] > 0.05).all():
        end = np.array([*tips[:, :2].mean(0), wrist[2] + 0.3 * reach[2]])
    else:
        end = wrist + 0.6 * reach
    radii = (0.10 * unit, 0.085 * unit)
    parts = (side.hand, side.hand)
    draw_limb(buffer, TaperedLimb((wrist, end), radii, figure.front, figure.left, parts))


def _draw_leg(buffer: DepthBuffer, figure: Body3D, side: BodySide, unit: float) -> None:
    """A knee bends backward, so a bent leg says where its front is."""
    joints = figure.joints
    outward = side.sign * figure.left
    front = figure.front
    if figure.has(side.hip, side.knee, side.ankle):
        thigh = unit_vector(joints[side.knee] - joints[side.hip])
        shin = unit_vector(joints[side.ankle] - joints[side.knee])
        front = front + 2 * (thigh - shin)
    if figure.has(side.hip, side.knee):
        ends = (joints[side.hip], joints[side.knee])
        radii = (0.27 * unit, 0.17 * unit)
        draw_limb(buffer, TaperedLimb(ends, radii, front, -outward, side.thigh, backwards=True))
    if figure.has(side.knee, side.ankle):
        ends = (joints[side.knee], joints[side.ankle])
        radii = (0.17 * unit, 0.10 * unit)
        draw_limb(buffer, TaperedLimb(ends, radii, front, outward, side.shin))
    _draw_foot(buffer, figure, side, unit)


def _draw_foot(buffer: DepthBuffer, figure: Body3D, side: BodySide, unit: float) -> None:
    heel: Vector | None = None
    for joint in (side.heel, side.ankle):
        if heel is None and figure.has(joint):
            heel = figure.joints[joint]
    toes = [joint for joint in side.toes if figure.has(joint)]
    if heel is None or not toes:
        return
    ends = (heel, figure.middle(*toes))
    limb = TaperedLimb(
        ends,
        (0.12 * unit, 0.11 * unit),
        facing=-figure.down,
        rising=side.sign * figure.left,
        parts=(side.foot, side.foot),
        backwards=side.sign < 0,  # the one chart of DensePose's that is not its mirror image
    )
    draw_limb(buffer, limb)
