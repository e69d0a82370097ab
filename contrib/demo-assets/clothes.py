"""Garments cut from the body's own surface, drawn taut and let out; shoes lofted round feet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from body import Array, Body
from mesh import Layer, border, cut, neighbours, normals, unit
from numpy.typing import NDArray


@dataclass(frozen=True)
class Measures:
    """Where each vertex of a body is, in a tailor's terms.

    `arm` (V,): -1 off the arms, 0 at the shoulder, 1 at the elbow, 2 at the wrist.
    `leg` (V,): -1 above the hips, 0 at the hip, 1 at the knee, 2 at the ankle.
    `height` (V,) metres over the hip joints; `out` (V,) metres beside the middle.
    """

    arm: Array
    leg: Array
    height: Array
    out: Array
    depth: Array


def measure(body: Body) -> Measures:
    v = body.vertices
    arm, leg = np.full(len(v), -1.0), np.full(len(v), -1.0)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        arms = body.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal", "shoulder")
        along = _along(v, [body.head(f"{b}.{side}") for b in ("upperarm01", "lowerarm01", "wrist")])
        mine = (arms > 0.02) & (v[:, 0] * sign > 0)
        arm[mine] = along[mine]
        legs = body.weight_of("upperleg", "lowerleg", "foot", "toe")
        along = _along(v, [body.head(f"{b}.{side}") for b in ("upperleg01", "lowerleg01", "foot")])
        mine = (legs > 0.02) & (v[:, 0] * sign > 0)
        leg[mine] = along[mine]
    hip = body.head("upperleg01.L")[2]
    return Measures(arm, leg, v[:, 2] - hip, np.abs(v[:, 0]), v[:, 1])


def _along(points: Array, chain: Sequence[Array]) -> Array:
    """(N,) how far along a chain of three joints: 0, 1 and 2 at the joints, going on past both."""
    first, second = chain[1] - chain[0], chain[2] - chain[1]
    a = (points - chain[0]) @ first / (first @ first)
    b = (points - chain[1]) @ second / (second @ second)
    middle = unit(first) + unit(second)
    return np.where((points - chain[1]) @ middle < 0, np.minimum(a, 1.0), 1 + np.maximum(b, 0.0))


@dataclass(frozen=True)
class Cloth:
    """`ease` metres off the skin, (V,) or one number; `taut` rounds of smoothing."""

    material: str
    keep: Array
    ease: Array | float = 0.008
    taut: int = 40


def sew(body: Body, cloth: Cloth) -> Layer:
    """A layer over the body where `keep` > 0: it spans hollows and stays `ease` off the skin."""
    part = cut(body.faces, cloth.keep)
    skin = part.take(body.vertices)
    outward = part.take(normals(body.vertices, body.faces))
    outward = unit(outward)
    ease = np.broadcast_to(np.asarray(cloth.ease, float), (len(body.vertices),))
    gap = part.take(ease[:, None])[:, 0]
    mean = neighbours(len(skin), part.faces)
    for _ in range(6):
        outward = unit(0.4 * outward + 0.6 * (mean @ outward))
    edge = border(part.faces, len(skin))
    spots = skin + outward * gap[:, None]
    for _ in range(cloth.taut):
        pulled = 0.5 * spots + 0.5 * (mean @ spots)
        pulled[edge] = spots[edge]
        short = np.maximum(0, gap - np.einsum("nd,nd->n", pulled - skin, outward))
        spots = pulled + outward * short[:, None]
    weights = part.take(body.weights)
    for _ in range(8):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    tint = part.take(cloth.keep[:, None])[:, 0]
    return Layer(cloth.material, spots, spots, part.faces, weights, tint=tint)


def snug(body: Body, ease: Array | float) -> Array:
    """Ease that narrows toward the neck, so that a collar lies on it."""
    away = np.linalg.norm(body.vertices - body.head("neck01"), axis=1)
    return np.asarray(ease * (1 - 0.72 * np.exp(-((away / 0.10) ** 2))))


def bare(body: Body, hair: Array, covers: Sequence[Array], margin: float = 0.012) -> Layer:
    """The skin that shows: the body without the faces well under a garment (`covers` > margin)."""
    hidden = np.zeros(len(body.vertices), bool)
    for cover in covers:
        hidden |= cover > margin
    shown = ~hidden[body.faces].all(axis=1)
    rest, faces = body.vertices, body.faces[shown]
    return Layer("skin", rest, rest, faces, body.weights, body.uv[shown], tint=hair)


@dataclass(frozen=True)
class Shoe:
    sole: float
    material: str = "shoe"
    top: float = 0.02
    room: float = 0.006


def shoes(body: Body, shoe: Shoe) -> list[Layer]:
    return [_shoe(body, shoe, side) for side in ("L", "R")]


def _shoe(body: Body, shoe: Shoe, side: str) -> Layer:
    """Slices across the foot, each the foot's own outline drawn tight, lofted heel to toe."""
    sign = 1.0 if side == "L" else -1.0
    follows = body.weight_of("foot", "toe", "lowerleg02")
    v = body.vertices[(follows > 0.3) & (body.vertices[:, 0] * sign > 0)]
    ankle = body.head(f"foot.{side}")
    v = v[v[:, 2] < ankle[2] + shoe.top]
    ball = body.head(f"toe2-1.{side}")
    along = ball - ankle
    along[2] = 0
    turn = np.stack([np.cross([0, 0, 1.0], unit(along)), unit(along), [0, 0, 1.0]])
    local = (v - ankle) @ turn.T
    low = local[:, 2].min()
    slices, around = 30, 32
    ends = local[:, 1].min(), local[:, 1].max()
    where = np.linspace(ends[0] - 0.006, ends[1] + 0.010, slices)
    angles = np.linspace(0, 2 * np.pi, around, endpoint=False)
    grid = np.zeros((slices, around, 3))
    for k, y in enumerate(where):
        at = float(np.clip(y, ends[0] + 0.012, ends[1] - 0.018))
        near = local[np.abs(local[:, 1] - at) < (0.016 if y < 0.05 else 0.022)]
        middle = np.array([np.median(near[:, 0]), low + min(0.035, 0.5 * np.ptp(near[:, 2]))])
        outline = _drawn_tight(near[:, [0, 2]] - middle, angles) + shoe.room
        grid[k, :, 0] = middle[0] + outline * np.cos(angles)
        grid[k, :, 1] = y
        grid[k, :, 2] = middle[1] + outline * np.sin(angles)
    reach = where / (ends[1] - ends[0])
    tip = np.clip((reach - reach[-1] + 0.2) / 0.2, 0, 1)
    rear = np.clip((reach[0] + 0.12 - reach) / 0.12, 0, 1)
    narrow = np.sqrt(np.clip(1 - 0.97 * np.maximum(tip, rear * 0.8) ** 3.0, 0.02, 1))
    heart = grid.mean(axis=1, keepdims=True)
    grid[:, :, 0] = heart[:, :, 0] + (grid[:, :, 0] - heart[:, :, 0]) * narrow[:, None]
    flatter = np.where(reach > reach.mean(), narrow, 1.0)[:, None]
    grid[:, :, 2] = low + (grid[:, :, 2] - low) * flatter + 0.008 * (1 - flatter)
    for _ in range(2):
        grid[1:-1] = 0.5 * grid[1:-1] + 0.25 * (grid[:-2] + grid[2:])
    foot = grid[:, :, 2] < low + 0.014
    spread = 1 + 0.07 * foot
    grid[:, :, 0] = heart[:, :, 0] + (grid[:, :, 0] - heart[:, :, 0]) * spread
    grid[:, :, 2] = np.maximum(grid[:, :, 2], low - shoe.sole)
    grid[:, :, 2] = np.where(foot, np.minimum(grid[:, :, 2], low - shoe.sole * 0.2), grid[:, :, 2])
    points, faces = _loft(grid)
    front = np.clip((points[:, 1] - (ball - ankle) @ turn[1]) / 0.02 + 0.5, 0, 1)
    weights = np.zeros((len(points), len(body.labels)))
    weights[:, body.index(f"foot.{side}")] = 1 - front
    weights[:, body.index(f"toe2-1.{side}")] = front
    coords = points - [0, 0, low - shoe.sole]
    return Layer(shoe.material, points @ turn + ankle, coords, faces, weights)


def _drawn_tight(points: Array, angles: Array) -> Array:
    """(A,) the distance to the convex outline of points (n, 2) in each direction."""
    tops = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    support = (points @ tops.T).max(axis=0)
    apart = np.cos(angles[:, None] - angles[None, :])
    distance = np.where(apart > 0.02, support[None, :] / np.maximum(apart, 0.02), np.inf)
    return np.asarray(np.maximum(distance.min(axis=1), 0.004))


def _loft(grid: Array) -> tuple[Array, NDArray[np.int64]]:
    """A closed skin over rings (S, A, 3), both ends capped."""
    slices, around, _ = grid.shape
    index = np.arange(slices * around).reshape(slices, around)
    a, b = index[:-1], index[1:]
    a2, b2 = np.roll(a, -1, 1), np.roll(b, -1, 1)
    faces = [np.stack([a, b, a2], -1).reshape(-1, 3), np.stack([a2, b, b2], -1).reshape(-1, 3)]
    points = np.concatenate([grid.reshape(-1, 3), grid[0].mean(0)[None], grid[-1].mean(0)[None]])
    for ring, tip in ((index[0], len(points) - 2), (index[-1], len(points) - 1)):
        faces.append(np.stack([ring, np.roll(ring, -1), np.full(around, tip)], -1))
    return points, np.concatenate(faces)


def skirt(
    body: Body, material: str, top: float, bottom: float, flare: float, waves: int = 11,
    depth: float = 0.02, ease: float = 0.008,
) -> Layer:  # fmt: skip
    """Rings round waist, hips and thighs (metres over the hip joint), wider and wavier downward."""
    hip = body.head("upperleg01.L")[2]
    legs = body.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal") < 0.02
    v = body.vertices[legs]
    heights = np.linspace(top, bottom, 44)
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    radius = np.zeros((len(heights), len(angles)))
    middles = np.zeros((len(heights), 2))
    centre = np.array([0.0, np.median(v[np.abs(v[:, 2] - hip) < 0.02][:, 1])])
    for k, height in enumerate(heights):
        near = v[np.abs(v[:, 2] - hip - max(height, -0.25)) < 0.012]
        middles[k] = centre
        radius[k] = _drawn_tight(near[:, :2] - centre, angles) + ease
    fall = np.clip((top - heights) / (top - bottom), 0, 1)
    for k in range(1, len(heights)):
        radius[k] = np.maximum(radius[k], radius[k - 1] + flare * (fall[k] - fall[k - 1]) * 0.5)
        radius[k] = np.maximum(radius[k], radius[0] + flare * fall[k])
    for _ in range(3):
        radius[1:-1] = 0.5 * radius[1:-1] + 0.25 * (radius[:-2] + radius[2:])
    wave = np.cos(waves * angles + 0.9 * np.sin(2 * angles) + 1.0) + 0.35 * np.cos(
        (waves + 6) * angles
    )
    radius += depth * wave[None, :] * (fall[:, None] ** 1.3)
    grid = np.zeros((len(heights), len(angles), 3))
    grid[:, :, 0] = centre[0] + radius * np.cos(angles)
    grid[:, :, 1] = centre[1] + radius * np.sin(angles)
    grid[:, :, 2] = hip + heights[:, None]
    points, faces = _loft(grid)
    faces = faces[(faces < grid[:, :, 0].size).all(axis=1)]
    points = points[: grid[:, :, 0].size]
    weights = np.zeros((len(points), len(body.labels)))
    down = np.clip((hip - points[:, 2]) / 0.25, 0, 1) * 0.6
    left = np.clip(points[:, 0] / 0.16 + 0.5, 0, 1)
    weights[:, body.index("upperleg01.L")] = down * left
    weights[:, body.index("upperleg01.R")] = down * (1 - left)
    weights[:, 0] = 1 - down
    return Layer(material, points, points, faces, weights)


Field = Callable[[Body, Measures], Array]


def tops(
    body: Body, m: Measures, sleeve: float, hem: float, neck: float = 0.045, drop: float = 0.05
) -> Array:
    """Where a T-shirt or jumper is: above `hem`, up to `sleeve`, under the collar's plane.

    The plane meets the neck `neck` metres over its base behind and `drop` lower in front.
    """
    base = body.head("neck01")
    front, rear = np.array([0.0, -0.055, neck - drop]), np.array([0.0, 0.055, neck])
    rise = np.cross([1.0, 0, 0], unit(rear - front))
    collar = -(body.vertices - base - front) @ rise
    collar = collar + 1.5 * np.maximum(0, np.abs(body.vertices[:, 0]) - 0.085)
    collar = np.where(body.weight_of("head") > 0.5, -0.02, collar)
    arm = (sleeve - m.arm) * 0.25
    return np.minimum(np.minimum(collar, arm), m.height - hem)


def bottoms(m: Measures, waist: float, length: float) -> Array:
    """Where trousers or shorts are: below `waist`, down to `length` along the leg."""
    return np.minimum(np.minimum(waist - m.height, (length - m.leg) * 0.4), 0.3 - m.arm * 0.3)
