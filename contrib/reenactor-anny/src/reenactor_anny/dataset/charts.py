"""DensePose's charts on the naked body.

The charts follow the conventions of the pose estimator `mannequin`: U runs along a part and V
around it, fronts and backs, inner and outer sides as it draws them.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from reenactor_anny.body import ARM_BONES
from reenactor_anny.clothes import of_faces
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Mask
from reenactor_anny.turning import DOWN, FRONT, LEFT, unit_vector


@dataclass(frozen=True)
class Charts:
    """DensePose's part of each face of a body, and U and V at its corners."""

    part: Int[np.ndarray, " F"]
    uv: Float[np.ndarray, "F 3 2"]


@dataclass(frozen=True)
class _Around:
    """A part and its other side: their vertices' places along the axis and around it."""

    along: Array
    around: Array
    faces_first: Array


def charts(form: Form) -> Charts:
    body, points = form.body, form.body.vertices
    count = len(points)
    part, u, v = np.zeros(count, int), np.zeros(count), np.zeros(count)

    def put(mine: Mask, numbers: tuple[int, int], at: _Around) -> None:
        part[mine] = np.where(at.faces_first > 0, *numbers)[mine]
        u[mine], v[mine] = at.along[mine], at.around[mine]

    arms = body.weight_of(*ARM_BONES)
    # The groin's crease: from the crotch up and outward to the hip.
    groin = 0.22 - 0.32 * np.clip(np.abs(form.side) / (0.17 * form.size), 0, 1)
    everything = np.ones(count, bool)
    put(everything, (2, 1), _trunk(points, form))
    for sign, side in ((1.0, "L"), (-1.0, "R")):
        here = points[:, 0] * sign > 0
        left = side == "L"
        joints = {
            bone: body.head(f"{bone}.{side}")
            for bone in ("upperarm01", "lowerarm01", "wrist", "upperleg01", "lowerleg01", "foot",
                         "finger3-1", "finger3-3", "toe2-1")
        }  # fmt: skip
        shoulder, elbow, wrist = (joints[b] for b in ("upperarm01", "lowerarm01", "wrist"))
        hip, knee, ankle = (joints[b] for b in ("upperleg01", "lowerleg01", "foot"))
        inward = -sign * LEFT
        upper, fore = unit_vector(elbow - shoulder), unit_vector(wrist - elbow)
        inner = sign * np.cross(upper, FRONT) + 0.2 * inward
        upper_arm = here & (arms > 0.5) & (form.arm > 0.02) & (form.arm <= 1)
        inside = _limb(points, (shoulder, elbow), inner, FRONT)
        put(upper_arm, (15, 17) if left else (16, 18), inside)
        crease = unit_vector(shoulder - elbow)
        crease = crease - fore * (crease @ fore)
        palm = sign * np.cross(fore, crease) + 0.05 * inward
        put(here & (form.arm > 1), (19, 21) if left else (20, 22),
            _limb(points, (elbow, wrist), palm, crease))  # fmt: skip
        tip = wrist + 2.0 * (joints["finger3-1"] - wrist)
        hand = _limb(points, (wrist, tip), FRONT, LEFT)
        put(here & (form.hand > 0.5), (4, 4) if left else (3, 3), hand)
        thigh = _limb(points, (hip, knee), FRONT, inward, backwards=True)
        put(here & (form.leg > groin) & (form.leg <= 1), (10, 8) if left else (9, 7), thigh)
        shin = _limb(points, (knee, ankle), FRONT, -inward)
        put(here & (form.leg > 1), (14, 12) if left else (13, 11), shin)
        heel = ankle + 0.6 * (ankle - joints["toe2-1"]) * np.array([1, 1, 0])
        heel[2] = joints["toe2-1"][2]
        toes = joints["toe2-1"] + 0.4 * (joints["toe2-1"] - ankle) * np.array([1, 1, 0])
        foot = _limb(points, (heel, toes), -DOWN, sign * LEFT, backwards=not left)
        put(here & (form.foot > 0.5), (5, 5) if left else (6, 6), foot)
    head = _head(points, form)
    put(form.head > 0.5, (24, 23), head)
    # A part belongs to a whole face; its corners are each on their own.
    of = of_faces(part, body.faces)
    side = points[:, 0][body.faces].mean(1)
    of[np.isin(of, (23, 24))] = np.where(side > 0, 24, 23)[np.isin(of, (23, 24))]
    uv = np.stack([u, v], 1)[body.faces]
    flip = np.isin(of, (23, 24))[:, None] & (part[body.faces] != of[:, None])
    flip &= np.isin(part[body.faces], (23, 24))
    uv[..., 0] = np.where(flip, 1 - uv[..., 0], uv[..., 0])
    return Charts(of, uv.clip(0, 1).astype(np.float32))


def _trunk(points: Array, form: Form) -> _Around:
    angle = np.arctan2(-(points[:, 1] - form.hip[1]), points[:, 0])
    # From a little over the neck's base to the crotch.
    share = (1.07 - form.height / form.trunk) / 1.32
    return _Around(share, np.abs(angle) / np.pi, angle)


def _head(points: Array, form: Form) -> _Around:
    mine = form.head > 0.9
    low, high = points[mine].min(0), points[mine].max(0)
    middle = (low + high) / 2
    turned = np.arctan2(np.abs(points[:, 0]), -(points[:, 1] - middle[1])) / np.pi
    u = np.where(points[:, 0] > 0, turned, 1 - turned)
    v = (points[:, 2] - low[2]) / (high[2] - low[2])
    return _Around(u, v, points[:, 0])


def _limb(
    points: Array,
    ends: tuple[Array, Array],
    facing: Array,
    rising: Array,
    *,
    backwards: bool = False,
) -> _Around:
    """Along from one end to the other, a little beyond both; around from `facing`, V rising so."""
    start, end = ends
    axis = unit_vector(end - start)
    length = float(np.linalg.norm(end - start))
    first = unit_vector(facing - axis * (facing @ axis))
    second = np.cross(axis, first)
    second = second * (1.0 if second @ rising >= 0 else -1.0)
    offset = points - start
    theta = np.arctan2(offset @ second, offset @ first)
    faces = np.abs(theta) <= np.pi / 2
    around = np.where(faces, theta, np.sign(theta) * np.pi - theta)
    u = ((offset @ axis) / length + 0.1) / 1.2
    u = 1 - u if backwards else u
    return _Around(u, 0.5 + around / np.pi, np.where(faces, 1.0, -1.0))
