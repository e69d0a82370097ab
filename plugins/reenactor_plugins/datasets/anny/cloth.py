"""Garments cut from the body's own surface and let out; rings round legs; shoes."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from reenactor.labels import Label
from reenactor_plugins.datasets.anny.measures import Measures
from reenactor_plugins.datasets.anny.mesh import (
    Layer,
    Neighbours,
    Points,
    Values,
    cut,
    loft,
    normals,
    unit,
)
from reenactor_plugins.datasets.anny.model import ARM_BONES, Body


@dataclass(frozen=True)
class Form:
    """A body with what garments are cut by, worked out once."""

    body: Body
    m: Measures
    outward: Points

    @classmethod
    def of(cls, body: Body, m: Measures) -> "Form":
        return cls(body, m, normals(body.points, body.faces))


@dataclass(frozen=True)
class Cloth:
    """Where a garment is (`keep` > 0, about metres inside its hems) and how it sits.

    `ease` metres off the skin, one number or one a vertex; `taut` rounds of drawing it straight
    over hollows.
    """

    label: Label
    stuff: int
    keep: Values
    ease: Values | float = 0.01
    taut: int = 20
    spread: int = 6


def sew(form: Form, cloth: Cloth) -> Layer:
    """A layer over the body where the cloth is: it spans hollows and keeps off the skin."""
    body = form.body
    part = cut(body.faces, cloth.keep)
    skin = part.take(body.points)
    around = Neighbours(part.faces, len(skin))
    outward = unit(part.take(form.outward))
    for _ in range(4):
        outward = unit(0.4 * outward + 0.6 * around.mean(outward))
    ease = np.broadcast_to(np.asarray(cloth.ease, np.float32), (len(body.points),))
    gap = part.take(ease[:, None])[:, 0]
    spots = skin + outward * gap[:, None]
    for _ in range(cloth.taut):
        pulled = 0.4 * spots + 0.6 * around.mean(spots)
        pulled[around.border] = spots[around.border]
        short = np.maximum(0, gap - np.einsum("nd,nd->n", pulled - skin, outward))
        spots = pulled + outward * short[:, None]
    weights = part.take(body.weights)
    if cloth.spread:
        strong = np.flatnonzero(weights.max(0) > 0.01)
        few = weights[:, strong]
        for _ in range(cloth.spread):
            few = 0.5 * few + 0.5 * around.mean(few)
        weights[:, strong] = few / np.maximum(few.sum(1, keepdims=True), 1e-6)
    label = np.full(len(part.faces), int(cloth.label))
    return Layer(
        spots.astype(np.float32), skin.astype(np.float32), part.faces, weights.astype(np.float32),
        label, cloth.stuff,
    )  # fmt: skip


@dataclass(frozen=True)
class Collar:
    """The neck's opening: metres over its base behind, how much lower before, half its width."""

    high: float = 0.03
    drop: float = 0.05
    wide: float = 0.085


def upper_part(form: Form, sleeve: float, hem: float, collar: Collar) -> Values:
    """Where a top is: over `hem` (in trunk lengths over the hips), up to `sleeve` along the arm."""
    body, m = form.body, form.m
    size = m.size
    away = body.points - m.neck
    front, rear = (
        np.array([0, collar.drop - collar.high, -0.055]),
        np.array([0, -collar.high, 0.055]),
    )
    rise = np.cross(unit(rear - front), [1.0, 0, 0])
    rise = rise * (1 if rise[1] < 0 else -1)
    inside = -(away / size - front) @ rise
    inside = inside + 1.5 * np.maximum(0, np.abs(away[:, 0]) / size - collar.wide)
    inside = np.where(m.head > 0.5, np.minimum(inside, -0.02), inside)
    if sleeve <= 0:
        # Without sleeves: to where the arm begins, and under the arm.
        arms = body.follows(*ARM_BONES)
        arm = (0.5 + sleeve - arms) * 0.12
    else:
        arm = (sleeve - m.arm) * 0.25
    trunk = np.where(m.leg > 0.9, -0.1, (m.height - hem) * m.trunk)
    trunk = np.where(m.arm > 0.3, 0.3, trunk)  # sleeves have hems of their own
    return np.asarray(np.minimum(np.minimum(inside, arm), trunk))


def lower_part(form: Form, waist: float, length: float) -> Values:
    """Where trousers are: under `waist` (trunk lengths), down to `length` along the leg."""
    m = form.m
    below = (waist - m.height) * m.trunk
    return np.minimum(np.minimum(below, (length - m.leg) * 0.4), np.where(m.arm > 0.3, -0.1, 0.3))


@dataclass(frozen=True)
class Drop:
    """Rings that hang from the trunk. Heights in trunk lengths; lengths along the leg.

    `top` where they begin, `length` where they end (1 the knee, 2 the ankle), `flare` metres
    wider at the hem, `open_front` degrees left open before.
    """

    label: Label
    stuff: int
    top: float
    length: float
    flare: float
    ease: float = 0.012
    waves: int = 9
    deep: float = 0.015
    open_front: float = 0.0


def hang(form: Form, drop: Drop) -> Layer:
    """A skirt, or what hangs of a dress or coat: round hips and thighs, then free."""
    body, m = form.body, form.m
    knee, ankle = body.head("lowerleg01.L")[1], body.head("foot.L")[1]
    start = m.hip[1] - drop.top * m.trunk
    end = np.interp(drop.length, [0, 1, 2], [m.hip[1], knee, ankle])
    levels = np.linspace(start, end, 26)
    half = np.radians(drop.open_front / 2)
    angles = np.linspace(half, 2 * np.pi - half, 72, endpoint=drop.open_front > 0)
    ways = np.stack([np.sin(angles), -np.cos(angles)], 1)  # 0 is the front
    points = body.points[(m.arm < 0) & (m.hand < 0.1)]
    centre = np.array([0.0, m.hip[2]], np.float32)
    radius = np.zeros((len(levels), len(angles)))
    for k, level in enumerate(levels):
        shown = min(level, m.hip[1] + 0.45 * m.thigh)
        near = points[np.abs(points[:, 1] - shown) < 0.014 * m.size]
        radius[k] = outline(near[:, [0, 2]] - centre, ways) + drop.ease
    fall = np.clip((levels - start) / max(end - start, 1e-6), 0, 1)
    for k in range(1, len(levels)):
        wider = drop.flare * (fall[k] - fall[k - 1])
        radius[k] = np.maximum(radius[k], radius[k - 1] + 0.6 * wider)
        radius[k] = np.maximum(radius[k], radius[0] + drop.flare * fall[k])
    wave = np.cos(drop.waves * angles + 0.9 * np.sin(2 * angles))
    radius += drop.deep * wave * fall[:, None] ** 1.3
    grid = np.stack(
        [
            centre[0] + radius * ways[:, 0],
            np.broadcast_to(levels[:, None], radius.shape),
            centre[1] + radius * ways[:, 1],
        ],
        -1,
    )
    spots, faces = loft(grid, closed=drop.open_front == 0)
    coords = spots.copy()
    return Layer(
        spots,
        coords,
        faces,
        _hanging(form, spots),
        np.full(len(faces), int(drop.label)),
        drop.stuff,
    )


def hung_cover(form: Form, drop: Drop) -> Values:
    """Where the body is hidden by what hangs: metres inside it; nowhere if it is open before."""
    m = form.m
    if drop.open_front > 0:
        return np.full(len(form.body.points), -1.0)
    down = form.body.points[:, 1]
    knee, ankle = form.body.head("lowerleg01.L")[1], form.body.head("foot.L")[1]
    end = np.interp(drop.length, [0, 1, 2], [m.hip[1], knee, ankle])
    inside = np.minimum(down - (m.hip[1] - drop.top * m.trunk), end - down)
    return np.where((m.arm > 0) | (m.hand > 0.1), -1.0, inside)


def _hanging(form: Form, spots: Points) -> Float[np.ndarray, "N J"]:
    """Over the hips with the pelvis, below with the legs, their inner halves with both."""
    body, m = form.body, form.m
    weights = np.zeros((len(spots), len(body.labels)), np.float32)
    legs = np.clip((spots[:, 1] - m.hip[1] + 0.15 * m.thigh) / (0.7 * m.thigh), 0, 1) * 0.92
    knee = body.head("lowerleg01.L")[1]
    shins = np.clip((spots[:, 1] - knee) / (0.6 * m.thigh) + 0.3, 0, 1) * 0.55
    left = np.clip(spots[:, 0] / (0.22 * m.size) + 0.5, 0, 1)
    for side, share in (("L", left), ("R", 1 - left)):
        weights[:, body.index(f"upperleg01.{side}")] = legs * share * (1 - shins)
        weights[:, body.index(f"lowerleg01.{side}")] = legs * share * shins
    high = np.clip((m.hip[1] - spots[:, 1]) / (0.4 * m.trunk), 0, 1)
    weights[:, body.index("spine04")] = (1 - legs) * high
    weights[:, 0] = (1 - legs) * (1 - high)
    return weights


def outline(points: Float[np.ndarray, "n 2"], ways: Float[np.ndarray, "A 2"]) -> Values:
    """The distance to the convex outline of points in each direction."""
    if len(points) < 3:
        return np.full(len(ways), 0.05)
    support = (points @ ways.T).max(0)
    apart = ways @ ways.T
    distance = np.where(apart > 0.02, support[None] / np.maximum(apart, 0.02), np.inf)
    return np.asarray(np.maximum(distance.min(1), 0.004))
