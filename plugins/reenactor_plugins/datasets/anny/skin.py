"""The naked body's own classes and DensePose's charts on it.

The charts follow the conventions of the pose estimator `mannequin`: U runs along a part and V
around it, fronts and backs, inner and outer sides as it draws them.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from reenactor.labels import Label
from reenactor_plugins.datasets.anny.measures import Measures
from reenactor_plugins.datasets.anny.mesh import Faces, Values
from reenactor_plugins.datasets.anny.model import ARM_BONES, Body
from reenactor_plugins.datasets.anny.turning import DOWN, FRONT, LEFT, Vector, unit_vector


def skin_labels(body: Body, m: Measures) -> Int[np.ndarray, " F"]:
    """The class of each face of a naked body. Hands begin at the wrists, faces over the neck."""
    of = np.full(len(body.points), int(Label.TORSO_SKIN))
    of[body.follows("head", "eye") > 0.5] = Label.FACE
    left = m.side > 0
    arms = body.follows(*ARM_BONES)
    for mine, pair in (
        (arms > 0.4, (Label.LEFT_ARM, Label.RIGHT_ARM)),
        (m.leg > 0.12, (Label.LEFT_LEG, Label.RIGHT_LEG)),
        (m.hand > 0.5, (Label.LEFT_HAND, Label.RIGHT_HAND)),
    ):
        of[mine & left] = pair[0]
        of[mine & ~left] = pair[1]
    return _of_faces(of, body.faces)


@dataclass(frozen=True)
class Charts:
    """DensePose's part of each face of a body, and U and V at its corners."""

    part: Int[np.ndarray, " F"]
    uv: Float[np.ndarray, "F 3 2"]


@dataclass(frozen=True)
class _Around:
    """A part and its other side: their vertices' places along the axis and around it."""

    along: Values
    around: Values
    faces_first: Values


def charts(body: Body, m: Measures) -> Charts:
    points = body.points.astype(np.float64)
    count = len(points)
    part, u, v = np.zeros(count, int), np.zeros(count), np.zeros(count)

    def put(mine: np.ndarray, numbers: tuple[int, int], at: _Around) -> None:
        part[mine] = np.where(at.faces_first > 0, *numbers)[mine]
        u[mine], v[mine] = at.along[mine], at.around[mine]

    arms = body.follows(*ARM_BONES)
    # The groin's crease: from the crotch up and outward to the hip.
    groin = 0.22 - 0.32 * np.clip(np.abs(m.side) / (0.17 * m.size), 0, 1)
    everything = np.ones(count, bool)
    put(everything, (2, 1), _trunk(points, m))
    for sign, side in ((1.0, "L"), (-1.0, "R")):
        here = points[:, 0] * sign > 0
        left = side == "L"
        joints = {
            bone: body.head(f"{bone}.{side}").astype(float)
            for bone in ("upperarm01", "lowerarm01", "wrist", "upperleg01", "lowerleg01", "foot",
                         "finger3-1", "finger3-3", "toe2-1")
        }  # fmt: skip
        shoulder, elbow, wrist = (joints[b] for b in ("upperarm01", "lowerarm01", "wrist"))
        hip, knee, ankle = (joints[b] for b in ("upperleg01", "lowerleg01", "foot"))
        inward = -sign * LEFT
        upper, fore = unit_vector(elbow - shoulder), unit_vector(wrist - elbow)
        inner = sign * np.cross(upper, FRONT) + 0.2 * inward
        put(here & (arms > 0.5) & (m.arm > 0.02) & (m.arm <= 1), (15, 17) if left else (16, 18),
            _limb(points, (shoulder, elbow), inner, FRONT))  # fmt: skip
        crease = unit_vector(shoulder - elbow)
        crease = crease - fore * (crease @ fore)
        palm = sign * np.cross(fore, crease) + 0.05 * inward
        put(here & (m.arm > 1), (19, 21) if left else (20, 22),
            _limb(points, (elbow, wrist), palm, crease))  # fmt: skip
        tip = wrist + 2.0 * (joints["finger3-1"] - wrist)
        hand = _limb(points, (wrist, tip), FRONT, LEFT)
        put(here & (m.hand > 0.5), (4, 4) if left else (3, 3), hand)
        thigh = _limb(points, (hip, knee), FRONT, inward, backwards=True)
        put(here & (m.leg > groin) & (m.leg <= 1), (10, 8) if left else (9, 7), thigh)
        shin = _limb(points, (knee, ankle), FRONT, -inward)
        put(here & (m.leg > 1), (14, 12) if left else (13, 11), shin)
        heel = ankle + 0.6 * (ankle - joints["toe2-1"]) * np.array([1, 0, 1])
        heel[1] = joints["toe2-1"][1]
        toes = joints["toe2-1"] + 0.4 * (joints["toe2-1"] - ankle) * np.array([1, 0, 1])
        foot = _limb(points, (heel, toes), -DOWN, sign * LEFT, backwards=not left)
        put(here & (m.foot > 0.5), (5, 5) if left else (6, 6), foot)
    head = _head(points, m)
    put(m.head > 0.5, (24, 23), head)
    # A part belongs to a whole face; its corners are each on their own.
    of = _of_faces(part, body.faces)
    side = points[:, 0][body.faces].mean(1)
    of[np.isin(of, (23, 24))] = np.where(side > 0, 24, 23)[np.isin(of, (23, 24))]
    uv = np.stack([u, v], 1)[body.faces]
    flip = np.isin(of, (23, 24))[:, None] & (part[body.faces] != of[:, None])
    flip &= np.isin(part[body.faces], (23, 24))
    uv[..., 0] = np.where(flip, 1 - uv[..., 0], uv[..., 0])
    return Charts(of, uv.clip(0, 1).astype(np.float32))


def _trunk(points: np.ndarray, m: Measures) -> _Around:
    angle = np.arctan2(-(points[:, 2] - m.hip[2]), points[:, 0])
    # From a little over the neck's base to the crotch.
    share = (1.07 - m.height) / 1.32
    return _Around(share, np.abs(angle) / np.pi, angle)


def _head(points: np.ndarray, m: Measures) -> _Around:
    mine = m.head > 0.9
    low, high = points[mine].min(0), points[mine].max(0)
    middle = (low + high) / 2
    turned = np.arctan2(np.abs(points[:, 0]), -(points[:, 2] - middle[2])) / np.pi
    u = np.where(points[:, 0] > 0, turned, 1 - turned)
    v = (high[1] - points[:, 1]) / (high[1] - low[1])
    return _Around(u, v, points[:, 0])


def _limb(
    points: np.ndarray,
    ends: tuple[Vector, Vector],
    facing: Vector,
    rising: Vector,
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


def _of_faces(of: Int[np.ndarray, " V"], faces: Faces) -> Int[np.ndarray, " F"]:
    """The class that two of a face's corners share, else its first corner's."""
    a, b, c = of[faces].T
    return np.asarray(np.where(b == c, b, a))
