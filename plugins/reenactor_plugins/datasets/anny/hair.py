"""Hair as masses: a cap over the scalp, a curtain that falls, a tail, a knot; hats and glasses."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from reenactor.labels import Label
from reenactor_plugins.datasets.anny.cloth import Cloth, Form, outline, sew
from reenactor_plugins.datasets.anny.mesh import Layer, Points, Values, loft, unit

Vector = Float[np.ndarray, " 3"]

SHORT = ((0, 0.50), (35, 0.46), (60, 0.30), (78, 0.05), (95, -0.10), (125, -0.35), (180, -0.62))
LONG = ((0, 0.52), (35, 0.46), (60, 0.26), (80, -0.05), (95, -0.25), (125, -0.5), (180, -0.75))
HIGH = ((0, 0.80), (35, 0.72), (60, 0.30), (78, 0.0), (95, -0.10), (125, -0.35), (180, -0.62))
BALDING = ((0, 1.1), (60, 1.0), (80, 0.35), (95, 0.2), (125, 0.2), (180, 0.15))
"""Hairlines: degrees from the face, height over the eyes in heads (eyes to crown)."""

Line = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Head:
    """Landmarks at rest: the eyes' middle, the crown's height over it, the centre, half widths."""

    eye: Vector
    tall: float
    centre: Vector
    wide: float
    back: float

    @classmethod
    def of(cls, form: Form) -> "Head":
        body = form.body
        eye = (body.head("eye.L") + body.head("eye.R")) / 2
        mine = body.points[form.m.head > 0.9]
        tall = float(eye[1] - mine[:, 1].min())
        level = mine[np.abs(mine[:, 1] - eye[1] + 0.3 * tall) < 0.2 * tall]
        middle = (level.max(0) + level.min(0)) / 2
        centre = np.array([0.0, eye[1] - 0.2 * tall, middle[2]])
        return cls(eye, tall, centre, float(level[:, 0].max()), float(level[:, 2].max()))


def hairline(form: Form, head: Head, line: Line) -> Values:
    """Metres inside the hair."""
    points = form.body.points
    away = points - head.centre
    angle = np.degrees(np.arctan2(np.abs(away[:, 0]), -away[:, 2]))
    edge = np.interp(angle, [p[0] for p in line], [p[1] for p in line])
    field = (head.eye[1] - points[:, 1]) - edge * head.tall
    ear = np.abs(away[:, 0]) > head.wide * 1.02
    field = np.where(ear & (away[:, 1] > 0), -0.01, field)
    field = np.where(form.m.eye > 0.5, -0.02, field)
    return np.where(form.m.head > 0.5, field, -0.02)


def cap(form: Form, stuff: int, field: Values, thick: float) -> Layer:
    """The mass of hair on the scalp, thin at the hairline."""
    ease = np.clip(field / 0.03, 0.0, 1.0) ** 0.6 * thick + 0.002
    return sew(form, Cloth(Label.HAIR, stuff, field, ease, 4, 0))


def curtain(
    form: Form, head: Head, stuff: int, length: float, thick: float, opening: float
) -> Layer:
    """Hair that falls round the back of the head, free of the face by `opening` degrees each side.

    `length` in heads (eyes to crown) below the eyes.
    """
    points = form.body.points[form.m.arm < 0.2]
    levels = np.linspace(head.eye[1] - 0.55 * head.tall, head.eye[1] + length * head.tall, 18)
    half = np.radians(opening)
    angles = np.linspace(half, 2 * np.pi - half, 40)
    ways = np.stack([np.sin(angles), -np.cos(angles)], 1)
    centre = head.centre[[0, 2]]
    limit = 1.35 * head.wide
    radius = np.zeros((len(levels), len(angles)))
    for k, level in enumerate(levels):
        near = points[np.abs(points[:, 1] - level) < 0.07 * head.tall]
        near = near[np.abs(near[:, 0]) < limit]
        own = outline(near[:, [0, 2]] - centre, ways) + thick
        radius[k] = np.minimum(own, np.where(ways[:, 1] > 0.3, 3 * limit, limit + thick))
    top = radius[:8].max(0)
    below = levels > head.eye[1]
    fall = np.clip((levels - head.eye[1]) / (2.5 * head.tall), 0, 1)[:, None]
    radius = np.where(below[:, None], np.maximum(radius, top * (1 - 0.12 * fall)), radius)
    for _ in range(2):
        radius[1:-1] = 0.5 * radius[1:-1] + 0.25 * (radius[:-2] + radius[2:])
    grid = np.stack(
        [
            centre[0] + radius * ways[:, 0],
            np.broadcast_to(levels[:, None], radius.shape),
            centre[1] + radius * ways[:, 1],
        ],
        -1,
    )
    spots, faces = loft(grid, closed=False)
    chin = head.eye[1] + 1.0 * head.tall
    loose = np.clip((spots[:, 1] - chin) / (1.2 * head.tall), 0, 1) * 0.8
    return _layer(form, spots, faces, Label.HAIR, stuff, loose)


def tail(form: Form, head: Head, stuff: int, length: float, high: float) -> Layer:
    """A ponytail: out of the back of the head, then down. `length` and `high` in heads."""
    start = np.array([0, head.eye[1] - high * head.tall, head.back - 0.01])
    steps = np.linspace(0, 1, 9)
    path = start + np.stack(
        [
            0 * steps,
            -0.12 * head.tall * np.sin(np.pi * np.minimum(steps * 3, 1))
            + length * head.tall * steps**1.3,
            0.45 * head.tall * (1 - np.exp(-5 * steps)),
        ],
        1,
    )
    fat = head.tall * 0.26 * np.array([0.5, 0.85, 1, 1, 0.95, 0.9, 0.8, 0.6, 0.2])
    flow = unit(np.gradient(path, axis=0))
    across = np.array([1.0, 0, 0])
    up = np.cross(flow, across)
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    grid = path[:, None] + fat[:, None, None] * (
        np.cos(angles)[None, :, None] * across + np.sin(angles)[None, :, None] * up[:, None]
    )
    spots, faces = loft(grid, caps=np.array([True, True]))
    low = np.clip((spots[:, 1] - head.eye[1] - head.tall) / (1.2 * head.tall), 0, 1) * 0.5
    return _layer(form, spots, faces, Label.HAIR, stuff, low)


def ball(form: Form, stuff: int, centre: Vector, radius: float, label: Label = Label.HAIR) -> Layer:
    """A knot of hair, a pompon."""
    phi = np.linspace(0.05, np.pi - 0.05, 9)[:, None]
    theta = np.linspace(0, 2 * np.pi, 14, endpoint=False)[None]
    x, z = radius * np.sin(phi) * np.cos(theta), radius * np.sin(phi) * np.sin(theta)
    y = 0.9 * radius * np.cos(phi) + 0 * theta
    spots, faces = loft(np.stack([x, y, z], -1) + centre, caps=np.array([True, True]))
    return _layer(form, spots, faces, label, stuff, np.zeros(len(spots)))


def brim(form: Form, head: Head, stuff: int, low: float, wide: float, front: bool) -> Layer:
    """A hat's brim all round, or a cap's peak only in front; `low` in heads over the eyes."""
    level = head.eye[1] - low * head.tall
    mine = form.body.points[form.m.head > 0.9]
    near = mine[np.abs(mine[:, 1] - level) < 0.12 * head.tall]
    reach = 62 if front else 180
    angles = np.radians(np.linspace(-reach, reach, 48))
    ways = np.stack([np.sin(angles), -np.cos(angles)], 1)
    centre = head.centre[[0, 2]]
    inner = outline(near[:, [0, 2]] - centre, ways) + 0.004
    out = wide * (np.sqrt(np.clip(1 - (np.degrees(angles) / 64) ** 2, 0.02, 1)) if front else 1)
    radius = np.stack([inner, inner + 0.5 * out, inner + out])
    sink = np.array([0, 0.2, 0.55])[:, None] * wide * 0.5
    grid = np.stack(
        [
            centre[0] + radius * ways[:, 0],
            np.broadcast_to(level + sink, radius.shape),
            centre[1] + radius * ways[:, 1],
        ],
        -1,
    )
    spots, faces = loft(grid, closed=False)
    return _layer(form, spots, faces, Label.HAT, stuff, np.zeros(len(spots)))


def hat(form: Form, head: Head, stuff: int, low: float, ease: float) -> Layer:
    """The part of a hat that sits on the head, from `low` heads over the eyes upward."""
    field = head.eye[1] - form.body.points[:, 1] - low * head.tall
    field = np.where(form.m.head > 0.9, field, -0.02)
    return sew(form, Cloth(Label.HAT, stuff, field, ease, 8, 0))


def sunglasses(form: Form, head: Head, stuff: int, tall: float) -> Layer:
    """A dark band before the eyes."""
    points = form.body.points
    eye = abs(float(form.body.head("eye.L")[0]))
    field = np.minimum(tall - np.abs(points[:, 1] - head.eye[1]), 1.95 * eye - np.abs(points[:, 0]))
    field = np.where((points[:, 2] < head.centre[2]) & (form.m.head > 0.9), field, -0.02)
    return sew(form, Cloth(Label.SUNGLASSES, stuff, field, 0.012, 4, 0))


def _layer(
    form: Form, spots: Points, faces: np.ndarray, label: Label, stuff: int, loose: np.ndarray
) -> Layer:
    """With the head, and by `loose` with the chest."""
    weights = np.zeros((len(spots), len(form.body.labels)), np.float32)
    weights[:, form.body.index("head")] = 1 - loose
    weights[:, form.body.index("spine01")] = loose
    return Layer(spots, spots.copy(), faces, weights, np.full(len(faces), int(label)), stuff)
