"""The joints, fingers and face of the synthetic dancer over time.

Lengths are in standing heights; x points right, y down; the origin is on the ground at the centre
of the room.
"""

import numpy as np
import torch
from jaxtyping import Float

from reenactor.joints import NUM_BODY, Joint
from reenactor.values import Skeleton

Body = Float[np.ndarray, "25 2"]
Hand = Float[np.ndarray, "21 2"]
Face = Float[np.ndarray, "70 2"]
Point = Float[np.ndarray, " 2"]

TALL = 1.7
"""The person's height in metres."""

DANCE = 8
"""The period of the dance in frames."""

FACE_SIZE = (0.042, 0.056)
"""Half the width and height of the face."""

DEPTH: dict[Joint, float] = {
    Joint.NOSE: -0.07, Joint.L_EYE: -0.05, Joint.R_EYE: -0.05, Joint.L_ELBOW: 0.01,
    Joint.R_ELBOW: 0.01, Joint.L_WRIST: -0.04, Joint.R_WRIST: -0.04, Joint.L_HEEL: 0.03,
    Joint.R_HEEL: 0.03, Joint.L_BIG_TOE: -0.09, Joint.R_BIG_TOE: -0.09,
    Joint.L_SMALL_TOE: -0.08, Joint.R_SMALL_TOE: -0.08,
}  # fmt: skip
"""Depth of joints relative to the hips."""


def body(frame: int) -> Body:
    """The joints in a frame, with swinging arms and shifting weight."""
    swing = np.sin(2 * np.pi * frame / DANCE)
    sway = 0.02 * np.cos(2 * np.pi * frame / DANCE)
    points = np.zeros((NUM_BODY, 2))
    points[Joint.MID_HIP] = sway, -0.52
    points[Joint.NECK] = 0.5 * sway, -0.82
    points[Joint.NOSE] = 0.5 * sway, -0.905
    for name, sign in (("L", 1), ("R", -1)):
        for part, place in _side(points, sign, swing).items():
            points[Joint[f"{name}_{part}"]] = place
    return points


def _side(points: Body, sign: int, swing: float) -> dict[str, Point]:
    """The joints of one side; `sign` is 1 for the person's left, which is right in the picture."""
    arm, bend = np.radians(25 + 20 * sign * swing), np.radians(20 + 15 * swing)
    leg = np.radians(5 + 4 * sign * swing)

    def toward(angle: float) -> Point:
        return np.array([sign * np.sin(angle), np.cos(angle)])

    def beside(point: Point, x: float, y: float) -> Point:
        return np.array([point[0] + sign * x, point[1] + y])

    neck, hips = points[Joint.NECK], points[Joint.MID_HIP]
    shoulder, hip = beside(neck, 0.1, 0.015), beside(hips, 0.052, 0.0)
    elbow = shoulder + 0.16 * toward(arm)
    knee = hip + 0.245 * toward(leg)
    ankle = knee + 0.235 * toward(leg / 2)
    return {
        "SHOULDER": shoulder,
        "ELBOW": elbow,
        "WRIST": elbow + 0.14 * toward(arm + bend),
        "HIP": hip,
        "KNEE": knee,
        "ANKLE": ankle,
        "HEEL": beside(ankle, 0.0, 0.03),
        "BIG_TOE": beside(ankle, 0.012, 0.042),
        "SMALL_TOE": beside(ankle, 0.03, 0.04),
        "EYE": beside(neck, 0.018, -0.097),
        "EAR": beside(neck, 0.042, -0.09),
    }


def hand(elbow: Point, wrist: Point) -> Hand:
    """A flat hand in the direction of the forearm, with slightly spread fingers."""
    along = (wrist - elbow) / np.linalg.norm(wrist - elbow)
    across = np.array([-along[1], along[0]])
    points = np.tile(wrist, (21, 1)).astype(float)
    for finger in range(5):
        side = 0.5 * finger - 1
        for joint in range(4):
            reach = 0.03 + 0.017 * joint
            points[1 + 4 * finger + joint] += reach * along + (0.4 * reach * side) * across
    return points


def face(joints: Body) -> Face:
    """The 70 points of a frontal face."""
    width, height = FACE_SIZE
    angle = np.linspace(np.pi, 0, 17)
    contour = np.column_stack([np.cos(angle), np.sin(angle)])
    right_brow = np.column_stack([np.linspace(-0.7, -0.2, 5), [-0.4, -0.46, -0.48, -0.46, -0.4]])
    bridge = np.column_stack([np.zeros(4), np.linspace(-0.2, 0.15, 4)])
    base = np.column_stack([np.linspace(-0.2, 0.2, 5), [0.25, 0.28, 0.3, 0.28, 0.25]])
    right_eye = np.array(
        [[-0.6, -0.2], [-0.5, -0.27], [-0.36, -0.27], [-0.25, -0.2], [-0.36, -0.14], [-0.5, -0.14]]
    )
    left_eye = (right_eye * [-1, 1])[[3, 2, 1, 0, 5, 4]]
    lips = [_ring(count, *size) for count, size in ((12, (0.36, 0.14)), (8, (0.28, 0.05)))]
    pupils = np.array([[-0.43, -0.2], [0.43, -0.2]])
    left_brow = (right_brow * [-1, 1])[::-1]
    parts = [contour, right_brow, left_brow, bridge, base, right_eye, left_eye, *lips, pupils]
    return np.asarray(np.concatenate(parts) * [width, height] + joints[Joint.NOSE])


def _ring(count: int, width: float, height: float) -> Float[np.ndarray, "K 2"]:
    """Points around the mouth from its right corner (the picture's left) over the upper lip."""
    angle = np.pi + np.arange(count) * 2 * np.pi / count
    return np.column_stack([width * np.cos(angle), 0.55 + height * np.sin(angle)])


def skeleton(frame: int, scale: float, origin: tuple[float, float]) -> Skeleton:
    """The key points of a frame (T = 1), at `scale` pixels per body height, with this origin."""
    joints = body(frame)
    hands = [hand(joints[Joint[f"{side}_ELBOW"]], joints[Joint[f"{side}_WRIST"]]) for side in "LR"]
    depth = np.array([DEPTH.get(joint, 0.0) for joint in Joint])
    metres = np.column_stack([joints - joints[Joint.MID_HIP], depth]) * TALL
    seen = [_seen(points, scale, origin) for points in (joints, np.stack(hands), face(joints))]
    return Skeleton(seen[0], seen[1], seen[2], torch.from_numpy(metres[None]).float())


def _seen(
    points: Float[np.ndarray, "*K 2"], scale: float, origin: tuple[float, float]
) -> Float[torch.Tensor, "1 *K 3"]:
    """Convert to pixels, with a confidence of 0.9."""
    pixels = points * scale + np.array(origin)
    sure = np.full((*points.shape[:-1], 1), 0.9)
    return torch.from_numpy(np.concatenate([pixels, sure], -1)[None]).float()
