"""Hair: a cap cut from the scalp, and locks that grow, are combed, and keep off what they meet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from reenactor.labels import Label
from reenactor_anny.body import Body
from reenactor_anny.clothes import Cloth, sew
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, Layer, loft, noise, normals, unit

Line = tuple[tuple[int, float], ...]
"""A hairline: degrees from the face, height over the eyes in heads (eyes to crown)."""

SHORT: Line = (
    (0, 0.50), (35, 0.46), (60, 0.30), (78, 0.05), (95, -0.10), (125, -0.35), (180, -0.62),
)  # fmt: skip
TIED: Line = (
    (0, 0.66), (20, 0.63), (40, 0.52), (58, 0.32), (74, 0.05), (90, -0.15), (125, -0.5),
    (180, -0.75),
)  # fmt: skip
LONG: Line = (
    (0, 0.52), (35, 0.46), (60, 0.26), (80, -0.05), (95, -0.25), (125, -0.5), (180, -0.75),
)  # fmt: skip
BALDING: Line = ((0, 1.1), (60, 1.0), (80, 0.35), (95, 0.2), (125, 0.2), (180, 0.15))


@dataclass(frozen=True)
class Head:
    """Landmarks at rest, metres: the eyes' middle, the crown's height over it, the centre, half
    the width, the back's y; `size` against an adult's."""

    eye: Array
    tall: float
    centre: Array
    wide: float
    back: float

    @classmethod
    def of(cls, body: Body) -> "Head":
        eye = 0.5 * (body.head("eye.L") + body.head("eye.R"))
        mine = body.vertices[body.weight_of("head") > 0.9]
        tall = float(mine[:, 2].max() - eye[2])
        level = mine[np.abs(mine[:, 2] - eye[2] - 0.3 * tall) < 0.02]
        middle = 0.5 * (level.max(axis=0) + level.min(axis=0))
        centre = np.array([0.0, middle[1], eye[2] + 0.2 * tall])
        return cls(eye, tall, centre, float(level[:, 0].max()), float(level[:, 1].max()))

    @property
    def size(self) -> float:
        """Against an adult's, whose crown is about 12 cm over the eyes."""
        return self.tall / 0.12


def hairline(body: Body, points: Line) -> Array:
    """(V,) metres inside the hair, which keeps off the ears."""
    head = Head.of(body)
    d = body.vertices - head.centre
    angle = np.degrees(np.arctan2(np.abs(d[:, 0]), -d[:, 1]))
    line = np.interp(angle, [p[0] for p in points], [p[1] for p in points])
    field = d[:, 2] + 0.2 * head.tall - line * head.tall
    field = np.where(body.weight_of("head", "neck") > 0.5, field, -0.02)
    field = np.where(body.weight_of("eye", "toe", "spine") > 0.5, -0.02, field)
    return np.minimum(field, 0.01 - 0.03 * body.masked("ears"))


def cap(form: Form, field: Array, thick: float, material: str = "hair", seed: int = 5) -> Layer:
    """The mass of hair, thin at the hairline."""
    rough = 1 + 0.22 * noise(form.body.vertices, 0.02, seed)
    ease = np.clip(field / 0.03, 0.0, 1.0) ** 0.6 * thick * rough + 0.0004
    layer = sew(form, Cloth(material, Label.HAIR, field, ease, taut=6))
    away = layer.vertices - Head.of(form.body).centre
    return replace(layer, flow=unit(-np.cross(away, [1.0, 0, 0])), tint=None)


class Ground:
    """What hair may not enter: points with normals, asked for the nearest."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._points = np.concatenate([a.vertices for a in layers])
        self._normals = np.concatenate([normals(a.vertices, a.faces) for a in layers])
        self._tree = cKDTree(self._points)

    def push(self, points: Array, margin: Array) -> Array:
        _, near = self._tree.query(points)
        normal = self._normals[near]
        gap = np.einsum("nd,nd->n", points - self._points[near], normal)
        return np.asarray(points + normal * np.maximum(0, margin - gap)[:, None])

    def normal(self, points: Array) -> Array:
        return np.asarray(self._normals[self._tree.query(points)[1]])


def _outward(points: Array, _: float) -> Array:
    return unit(points)


@dataclass(frozen=True)
class Locks:
    """`length` maps roots (n, 3) to metres, `comb` points and a share of the length to a direction.

    `width` of a lock, `lift` off the scalp at the root, `fall` by its weight, `wave` sideways,
    `margin` and (at random) `spread` off the ground, in metres.
    """

    count: int
    length: Callable[[Array], Array]
    comb: Callable[[Array, float], Array] = _outward
    width: float = 0.009
    lift: float = 0.5
    fall: float = 0.0
    wave: float = 0.0
    margin: float = 0.006
    spread: float = 0.012
    steps: int = 14
    seed: int = 7
    stiff: float = 0.6


def grow(scalp: Layer, ground: Ground, locks: Locks, weights_of: Callable[[Array], Array]) -> Layer:
    """Ribbons from random roots on the scalp."""
    rng = np.random.default_rng(locks.seed)
    a, b, c = (scalp.vertices[scalp.faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    pick = rng.choice(len(area), locks.count, p=area / area.sum())
    r = rng.random((locks.count, 2))
    r = np.where(r.sum(axis=1, keepdims=True) > 1, 1 - r, r)
    root = a[pick] + (b - a)[pick] * r[:, :1] + (c - a)[pick] * r[:, 1:]
    normal = unit(np.cross(b - a, c - a))[pick]
    length = locks.length(root) * (1 + 0.12 * rng.standard_normal(locks.count))
    way = unit(locks.comb(root, 0.0) + locks.lift * normal)
    layer = rng.random(locks.count) * locks.spread
    phase, pitch = rng.random(locks.count) * 6.28, 0.8 + 0.5 * rng.random(locks.count)
    path = [root]
    for k in range(1, locks.steps + 1):
        t = k / locks.steps
        aim = locks.comb(path[-1], t) + np.array([0, 0, -locks.fall * t])
        way = unit(locks.stiff * way + (1 - locks.stiff) * unit(aim))
        spot = path[-1] + way * (length / locks.steps)[:, None]
        if locks.wave:
            swing = np.sin(phase + pitch * t * 14) * locks.wave * t
            spot = spot + np.cross(way, ground.normal(spot)) * swing[:, None]
        spot = ground.push(spot, locks.margin * min(1.0, 0.3 + t * 3) + layer * min(1.0, t * 3))
        path.append(spot)
    return _ribbons(np.stack(path, axis=1), ground, locks.width, scalp, weights_of)


def _ribbons(
    path: Array, ground: Ground, width: float, scalp: Layer, weights_of: Callable[[Array], Array]
) -> Layer:
    """Flattened tapering tubes along paths (n, S, 3)."""
    count, steps, _ = path.shape
    flow = unit(np.gradient(path, axis=1))
    up = ground.normal(path.reshape(-1, 3)).reshape(path.shape)
    side = unit(np.cross(flow, up))
    up = unit(np.cross(side, flow))
    t = np.linspace(0, 1, steps)
    fat = width * np.clip(np.minimum(0.35 + t * 3, (1.02 - t) * 2.2), 0.05, 1)[None, :, None]
    angles = np.radians([180, 125, 55, 0, 270])
    ring = [path + fat * (0.5 * np.cos(q) * side + 0.28 * np.sin(q) * up) for q in angles]
    points = np.stack(ring, axis=2)
    index = np.arange(count * steps * 5).reshape(count, steps, 5)
    a, b = index[:, :-1], index[:, 1:]
    a2, b2 = np.roll(a, -1, 2), np.roll(b, -1, 2)
    faces = np.concatenate(
        [np.stack([a, b, a2], -1).reshape(-1, 3), np.stack([a2, b, b2], -1).reshape(-1, 3)]
    )
    flat = points.reshape(-1, 3)
    flows = np.repeat(flow[:, :, None], 5, axis=2).reshape(-1, 3)
    # Paint follows the lock: one colour family along its length.
    coords = np.repeat(path[:, :1], steps, axis=1)[:, :, None] + 0.06 * (points - path[:, :, None])
    coords = coords + 0.02 * t[None, :, None, None]
    coords = coords.reshape(-1, 3)
    return Layer(scalp.material, scalp.label, flat, coords, faces, weights_of(flat), flow=flows)


def on_bone(body: Body, bone: str) -> Callable[[Array], Array]:
    """Weights of things that follow one bone."""

    def weights(points: Array) -> Array:
        out = np.zeros((len(points), len(body.labels)))
        out[:, body.index(bone)] = 1
        return out

    return weights


def ball(body: Body, centre: Array, radius: float, seed: int = 2) -> Layer:
    """A bun: a wound ball of hair."""
    around, rings = 64, 40
    phi = np.linspace(0, np.pi, rings)[:, None]
    theta = np.linspace(0, 2 * np.pi, around, endpoint=False)[None, :]
    groove = (
        1 + 0.06 * np.cos(5 * theta + 4.5 * phi) * np.sin(phi) + 0.02 * np.cos(13 * theta + 9 * phi)
    )
    r = radius * groove
    x, y = r * np.sin(phi) * np.cos(theta), r * np.sin(phi) * np.sin(theta)
    z = 0.86 * r * np.cos(phi) + 0 * theta
    points = np.stack([x, y, z], -1).reshape(-1, 3)
    _, faces = loft(points.reshape(rings, around, 3))
    points = points + 0.03 * radius * noise(points, radius * 0.25, seed)[:, None] * unit(points)
    flow = unit(np.cross([0.25, 0.1, 1.0], points) + 0.5 * np.array([0, 0, 1.0]))
    spots = points + centre
    wound = (5 * theta + 4.5 * phi) * 0.006
    coords = np.stack([wound, np.broadcast_to(phi * 0.003, wound.shape), 0 * wound], -1).reshape(
        -1, 3
    )
    weights = on_bone(body, "head")(spots)
    return Layer("hair", Label.HAIR, spots, coords, faces, weights, flow=flow)


def falling(body: Body, points: Array) -> Array:
    """(N, J) long hair follows the head above and the chest below."""
    chin = body.head("head")[2]
    share = np.clip((points[:, 2] - chin + 0.12) / 0.14, 0, 1)[:, None]
    head, chest = on_bone(body, "head")(points), on_bone(body, "spine01")(points)
    return np.asarray(head * share + chest * (1 - share))


def beard_field(body: Body) -> Array:
    """(V,) metres inside a full beard: sideburns, under the cheeks, moustache and chin."""
    head = Head.of(body)
    x, z = np.abs(body.vertices[:, 0]), body.vertices[:, 2] - head.eye[2]
    top = np.interp(x / head.wide, [0, 0.3, 0.55, 0.8, 1.0], [-0.052, -0.052, -0.062, -0.045, 0.0])
    field = np.minimum(top - z, z + 0.135)
    field = np.minimum(field, head.centre[1] + 0.01 - body.vertices[:, 1])
    field = np.minimum(field, 0.006 - 0.02 * body.masked("lips") - 0.02 * body.masked("ears"))
    return np.where(body.weight_of("head", "neck03", "neck02") > 0.6, field, -0.02)
