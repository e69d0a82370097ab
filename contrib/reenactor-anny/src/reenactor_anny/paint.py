"""Colour on surfaces by formula: cloth, shoes, hair."""

from collections.abc import Callable

import numpy as np

from reenactor_anny.mesh import Array, noise, unit
from reenactor_anny.render import Paint, Painter, Spots, linear


def step(low: float, high: float, x: Array) -> Array:
    """0 below `low`, 1 above `high`, smooth between; falls where `low` is the larger."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def mix(a: Array, b: Array, share: Array) -> Array:
    """Colours (n, 3) from `a` at share 0 to `b` at share 1."""
    return np.asarray(a * (1 - share[:, None]) + b * share[:, None])


Pattern = Callable[[Array], tuple[Array, Array]]


def cloth_painter(
    colour: str, weave: float = 0.0012, bump: float = 0.10, pattern: Pattern | None = None,
    crease: float = 0.22, size: tuple[float, float, float] = (0.045, 0.05, 0.15),
    sheen: float = 0.12, seed: int = 1, hem: float = 0.0,
) -> Painter:  # fmt: skip
    """Dyed cloth, its edges banded `hem` metres wide.

    `pattern` maps coords to (share (n,), colour (n, 3)), which is laid over the dye.
    """
    dye = linear(colour)

    def paint(s: Spots) -> Paint:
        p = s.coords
        grain = noise(p, weave * 2.5, seed + 5)
        albedo = dye * (1 + 0.06 * grain + 0.03 * noise(p, 0.05, seed + 6))[:, None]
        if pattern is not None:
            share, over = pattern(p)
            albedo = mix(albedo, over, share)
        if hem and s.tint is not None:
            rib = 0.5 + 0.5 * np.cos(p @ np.array([1.0, 0.7, 0.0]) * 2 * np.pi / 0.005)
            band = 1 - step(hem * 0.92, hem, s.tint)
            albedo = albedo * (1 - band * (0.16 + 0.10 * rib))[:, None]
            albedo = albedo * (1 - 0.3 * np.exp(-(((s.tint - hem) / 0.0012) ** 2)))[:, None]
        bent = wrinkled(s, np.array(size), crease, seed)
        bent = unit(bent + bump * 0.5 * _jitter(p, weave, seed))
        rough = np.full(len(p), 0.75)
        return Paint(albedo, rough, np.full(len(p), sheen), (0.06, 0.06, 0.06), bent)

    return paint


def wrinkled(s: Spots, size: Array, depth: float, seed: int) -> Array:
    """Normals bent as by long soft folds: the slope of noise in the cloth's own coordinates."""

    def height(points: Array) -> Array:
        q = points / size
        q = q + 0.5 * noise(points, 0.09, seed + 2)[:, None] * np.array([1.0, 1.0, 0.4])
        return np.asarray(noise(q, 1.0, seed) + 0.35 * noise(q, 0.43, seed + 1))

    step = 0.004
    here = height(s.coords)
    slope = np.stack(
        [(height(s.coords + step * np.eye(3)[k]) - here) / step for k in range(3)], axis=1
    )
    slope = slope - s.normal * np.einsum("nd,nd->n", slope, s.normal)[:, None]
    return unit(s.normal - depth * 0.035 * slope)


def _jitter(p: Array, size: float, seed: int) -> Array:
    return np.stack([noise(p, size, seed + k) for k in (11, 12, 13)], axis=1)


def bands(colour: str, *heights: tuple[float, float]) -> Pattern:
    """Level bands on the trunk, each from a height to another, metres over the hip joints."""
    over = linear(colour)

    def pattern(p: Array) -> tuple[Array, Array]:
        share = np.zeros(len(p))
        for low, high in heights:
            inside = step(low - 0.001, low + 0.001, p[:, 2]) * step(
                high + 0.001, high - 0.001, p[:, 2]
            )
            share = np.maximum(share, inside)
        return share * (np.abs(p[:, 0]) < 0.2), np.broadcast_to(over, p.shape)

    return pattern


def dots(colour: str, gap: float, size: float) -> Pattern:
    over = linear(colour)

    def pattern(p: Array) -> tuple[Array, Array]:
        u, v = p[:, 0] / gap, p[:, 2] / gap
        row = np.floor(v)
        u = u + 0.5 * (row % 2)
        away = np.hypot((u % 1) - 0.5, (v % 1) - 0.5) * gap
        return 1 - step(size * 0.85, size * 1.1, away), np.broadcast_to(over, p.shape)

    return pattern


def stripes(colour: str, gap: float, axis: int, share: float = 0.4) -> Pattern:
    """Stripes across an axis of the body: 2 lies level, 0 upright."""
    over = linear(colour)

    def pattern(p: Array) -> tuple[Array, Array]:
        inside = np.asarray((p[:, axis] / gap) % 1 < share, float)
        return inside, np.broadcast_to(over, p.shape)

    return pattern


def checks(colour: str, gap: float) -> Pattern:
    over = linear(colour)

    def pattern(p: Array) -> tuple[Array, Array]:
        odd = ((p[:, 0] / gap) % 1 < 0.5) ^ ((p[:, 2] / gap) % 1 < 0.5)
        return np.asarray(odd, float), np.broadcast_to(over, p.shape)

    return pattern


def shoe_painter(upper: str, sole: str, trim: str) -> Painter:
    """`coords` of shoes are metres from the ankle, y to the toe, z over the sole's bottom."""
    body, rubber, lace = (linear(c) for c in (upper, sole, trim))

    def paint(s: Spots) -> Paint:
        p = s.coords
        albedo = np.broadcast_to(body, p.shape).copy()
        tongue = (np.abs(p[:, 0]) < 0.020) & (p[:, 1] > 0.025) & (p[:, 2] > 0.05)
        bars = (np.abs(((p[:, 2] / 0.017) % 1) - 0.5) < 0.2) & tongue
        albedo[bars] = lace
        stripe = (np.abs(p[:, 1] - 0.045 + (p[:, 2] - 0.05) * 0.5) < 0.008) & ~tongue
        stripe |= p[:, 1] < -0.03
        albedo[stripe] = lace
        low = step(0.030, 0.027, p[:, 2])
        albedo = mix(albedo, rubber, low)
        albedo = mix(albedo, rubber * 0.6, (np.abs(p[:, 2] - 0.028) < 0.0012).astype(float))
        return Paint(albedo, np.full(len(p), 0.5), np.full(len(p), 0.4))

    return paint


def hair_painter(
    dark: str, bright: str, strand: float = 0.0022, seed: int = 3, shine: float = 0.8
) -> Painter:
    """Hair: strands of slightly different shades along the flow, a broad soft gleam across it."""
    low, high = linear(dark), linear(bright)

    def paint(s: Spots) -> Paint:
        p = s.coords
        shade = 0.5 + 0.5 * noise(p, strand, seed)
        albedo = mix(np.broadcast_to(low, p.shape), np.broadcast_to(high, p.shape), shade)
        normal = s.normal
        if s.flow is not None:
            jitter = _jitter(p, strand, seed)
            jitter = jitter - s.flow * np.einsum("nd,nd->n", jitter, s.flow)[:, None]
            normal = unit(normal + 0.35 * jitter)
        n = len(p)
        return Paint(albedo, np.full(n, 0.38), np.full(n, shine), (0.15, 0.12, 0.10), normal)

    return paint


def plain(colour: str, rough: float = 0.4, shine: float = 0.5) -> Painter:
    c = linear(colour)

    def paint(s: Spots) -> Paint:
        n = len(s.coords)
        return Paint(np.broadcast_to(c, (n, 3)), np.full(n, rough), np.full(n, shine))

    return paint
