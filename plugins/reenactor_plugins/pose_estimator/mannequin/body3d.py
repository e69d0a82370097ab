"""From key points to a body in space: joints in pixels, which way trunk and head face, and size.

Axes are x to the right, y down and z away from the camera. Left is the person's own.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from reenactor.joints import Joint
from reenactor.ops.silhouette import body_height
from reenactor.values import Skeleton

Points = Float[np.ndarray, "25 3"]
Vector = Float[np.ndarray, " 3"]

SHOULDERS = 0.215
"""The distance of the shoulder joints over the standing height (anthropometric tables)."""

STEADY = (
    Joint.NECK, Joint.R_SHOULDER, Joint.L_SHOULDER, Joint.R_ELBOW, Joint.L_ELBOW, Joint.MID_HIP,
    Joint.R_HIP, Joint.L_HIP, Joint.R_KNEE, Joint.L_KNEE,
)  # fmt: skip
"""The joints that tell how many pixels a metre is."""

REACH = 0.35
"""Without depth, how far arms are held before the trunk, in shoulder widths: an arm that is seen
over the trunk is in front of it more often than behind."""


@dataclass(frozen=True)
class Body3D:
    """One person in space.

    Attributes:
        joints: where the joints are, in pixels; z is 0 between the hips.
        seen: which of them are believed.
        unit: the width of the shoulders in pixels: what all thicknesses are measured in.
        down: along the trunk, from the neck to the hips.
        left: the way the trunk's left side faces.
        front: the way the chest faces.
        head: the ways the head's left side, face and crown face, as rows.
    """

    joints: Points
    seen: Bool[np.ndarray, " 25"]
    unit: float
    down: Vector
    left: Vector
    front: Vector
    head: Float[np.ndarray, "3 3"]

    def has(self, *joints: Joint) -> bool:
        return bool(self.seen[list(joints)].all())

    def middle(self, *joints: Joint) -> Vector:
        """The middle of some joints; all must be seen."""
        return np.asarray(self.joints[list(joints)].mean(0))


def body_3d(skeleton: Skeleton, least: float) -> Body3D | None:
    """The first person of a skeleton in space; None where there is no trunk to begin with."""
    body = skeleton.body[0].double().numpy()
    seen = body[:, 2] >= max(least, 1e-6)
    trunk = (Joint.NECK, Joint.MID_HIP)
    height = body_height(skeleton[0:1])
    if not seen[list(trunk)].all() or height <= 0:
        return None
    joints = np.column_stack([body[:, :2], np.zeros(len(body))])
    unit = SHOULDERS * height
    world = None if skeleton.world is None else skeleton.world[0].double().numpy()
    scale = None if world is None else _pixels_per_metre(joints, world, seen)
    if world is not None and scale is not None:
        joints[:, 2] = (world[:, 2] - world[Joint.MID_HIP, 2]) * scale
        unit = _shoulder_width(joints, seen, scale)
    else:
        for wrist, elbow in ((Joint.L_WRIST, Joint.L_ELBOW), (Joint.R_WRIST, Joint.R_ELBOW)):
            joints[wrist, 2], joints[elbow, 2] = -REACH * unit, -0.6 * REACH * unit
    down = unit_vector(joints[Joint.MID_HIP] - joints[Joint.NECK])
    left = _left(joints, seen, unit, deep=scale is not None)
    left = unit_vector(left - down * (left @ down))
    front = np.cross(down, left)
    head = _head(joints, seen, left, front, down, deep=scale is not None)
    return Body3D(joints, seen, unit, down, left, front, head)


def unit_vector(vector: Vector) -> Vector:
    """The vector at length 1 (0 stays 0)."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))


def _pixels_per_metre(joints: Points, world: Points, seen: Bool[np.ndarray, " 25"]) -> float | None:
    """The scale at which the body in metres covers the key points best (least squares)."""
    steady = [joint for joint in STEADY if seen[joint]]
    pixels = joints[steady, :2] - joints[steady, :2].mean(0)
    metres = world[steady, :2] - world[steady, :2].mean(0)
    spread = float((metres**2).sum())
    if len(steady) < 4 or spread < 0.01:
        return None
    return float(np.sqrt((pixels**2).sum() / spread))


def _shoulder_width(joints: Points, seen: Bool[np.ndarray, " 25"], scale: float) -> float:
    """Half from the shoulders and half from the trunk's length, each within human bounds."""
    trunk = float(np.linalg.norm(joints[Joint.MID_HIP] - joints[Joint.NECK]))
    from_trunk = np.clip(trunk / 1.45, 0.28 * scale, 0.40 * scale)
    if not seen[[Joint.L_SHOULDER, Joint.R_SHOULDER]].all():
        return float(from_trunk)
    across = float(np.linalg.norm(joints[Joint.L_SHOULDER] - joints[Joint.R_SHOULDER]))
    return float((np.clip(across, 0.26 * scale, 0.40 * scale) + from_trunk) / 2)


def _left(joints: Points, seen: Bool[np.ndarray, " 25"], unit: float, *, deep: bool) -> Vector:
    """The way to the left, from shoulders and hips.

    Without depth, shoulders that look narrow are turned: toward the side where the nose is.
    """
    left = np.zeros(3)
    for one, other in ((Joint.L_SHOULDER, Joint.R_SHOULDER), (Joint.L_HIP, Joint.R_HIP)):
        if seen[one] and seen[other]:
            left += joints[one] - joints[other]
    if not deep:
        across = 1.6 * unit  # shoulders and hips together, seen from the front
        depth = np.sqrt(max(0.0, across**2 - float(left @ left)))
        aside = joints[Joint.NOSE, 0] - joints[Joint.NECK, 0] if seen[Joint.NOSE] else 0.0
        if abs(aside) > 0.15 * unit:
            left[2] = depth * np.sign(aside)
    return left if left @ left > 1e-9 else np.array([1.0, 0.0, 0.0])


def _head(
    joints: Points,
    seen: Bool[np.ndarray, " 25"],
    left: Vector,
    front: Vector,
    down: Vector,
    *,
    deep: bool,
) -> Float[np.ndarray, "3 3"]:
    """Left, front and up of the head: as ears and nose say, or as the trunk is."""
    ears = (Joint.L_EAR, Joint.R_EAR)
    up = -down
    if seen[[*ears, Joint.NOSE]].all():
        across = joints[Joint.L_EAR] - joints[Joint.R_EAR]
        ahead = joints[Joint.NOSE] - joints[list(ears)].mean(0)
        if not deep:
            ahead[2] -= 0.6 * float(np.linalg.norm(across))
        up = np.cross(ahead, across)
        if up @ down > 0:
            up = -down
        left, up = unit_vector(across), unit_vector(up)
        up = unit_vector(up - left * (up @ left))
        front = np.cross(left, up)
    return np.stack([left, front, up])
