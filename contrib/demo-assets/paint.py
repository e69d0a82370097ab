"""Colour on surfaces: skin with a face, cloth, shoes, hair, eyes. All by formula, at rest."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from body import Array, Body, texture_masks
from mesh import noise, unit
from render import Paint, Painter, Spots, linear


def _step(low: float, high: float, x: Array) -> Array:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _mix(a: Array, b: Array, share: Array) -> Array:
    return np.asarray(a * (1 - share[:, None]) + b * share[:, None])


@dataclass(frozen=True)
class Complexion:
    """Colours as '#rrggbb'; `brow` metres thick at its middle; `age` 0..1 greys and lines."""

    skin: str
    lips: str
    brow_colour: str
    iris: str
    blush: float = 0.25
    brow: float = 0.0042
    liner: float = 0.6
    stubble: float = 0.0
    hair: str = "#000000"


def skin_painter(body: Body, look: Complexion) -> Painter:
    masks = texture_masks()
    eyes = {sign: _eye_centre(body, sign) for sign in (1.0, -1.0)}
    base, lip, brow = (linear(c) for c in (look.skin, look.lips, look.brow_colour))
    deep = base * np.array([0.9, 0.62, 0.55])

    def at(name: str, uv: Array) -> Array:
        picture = masks[name]
        x = (uv[:, 0] * 2047).clip(0, 2047).astype(int)
        y = ((1 - uv[:, 1]) * 2047).clip(0, 2047).astype(int)
        return np.asarray(picture[y, x])

    def paint(s: Spots) -> Paint:
        p = s.coords
        tone = 0.035 * noise(p, 0.03, 3) + 0.03 * noise(p, 0.006, 4)
        albedo = base * (1 + tone[:, None])
        reds = np.zeros(len(p))
        lash = np.zeros(len(p))
        brows = np.zeros(len(p))
        sockets = np.zeros(len(p))
        for sign, (centre, radius) in eyes.items():
            d = p - centre
            x, z = d[:, 0] * sign, d[:, 2]
            front = d[:, 1] < radius * 0.9
            reds += np.exp(-(((x - 0.012) / 0.018) ** 2) - ((z + 0.042) / 0.016) ** 2) * front
            sockets += np.exp(-((x / 0.02) ** 2) - ((z + 0.002) / 0.012) ** 2) * front
            rim = np.linalg.norm(d, axis=1) - radius
            near = np.exp(-((np.maximum(rim, 0) / 0.0016) ** 2)) * front * (np.abs(x) < 0.021)
            lash = np.maximum(lash, near * np.where(z > -0.001, 1.0, 0.45))
            t = (x + 0.016) / 0.042
            line = 0.0185 + 0.0065 * np.sin(np.clip(t, 0, 1) * 2.2) - 0.004 * np.clip(t, 0, 1) ** 2
            thick = look.brow * (0.55 + 0.9 * np.clip(t, 0, 1) * (1 - np.clip(t, 0, 1)) * 2.2)
            inside = 1 - _step(0.6, 1.25, np.abs(z - line) / np.maximum(thick, 1e-4))
            inside *= _step(-0.02, 0.06, t) * (1 - _step(0.94, 1.04, t)) * (d[:, 1] < 0)
            brows = np.maximum(brows, inside * (0.82 + 0.18 * noise(p, 0.0025, 9)))
        nose = np.exp(
            -((p[:, 0] / 0.013) ** 2) - ((p[:, 2] - eyes[1.0][0][2] + 0.042) / 0.012) ** 2
        )
        reds += 0.5 * nose * (p[:, 1] < eyes[1.0][0][1])
        albedo = _mix(
            albedo, base * np.array([1.02, 0.7, 0.66]), np.clip(look.blush * reds, 0, 0.6)
        )
        albedo = _mix(albedo, deep, np.clip(0.22 * sockets, 0, 1))
        if s.uv is not None:
            lips = np.clip(at("lips", s.uv) * 1.1, 0, 1)
            albedo = _mix(albedo, lip * (1 + 0.1 * noise(p, 0.003, 6))[:, None], lips * 0.85)
            nails = at("fingernails", s.uv)
            albedo = _mix(albedo, base * 0.55 + np.array([0.36, 0.25, 0.24]), nails * 0.6)
            albedo = _mix(albedo, deep * 0.35, at("inside-mouth", s.uv))
        else:
            lips = np.zeros(len(p))
        if look.stubble:
            albedo = _mix(albedo, brow, look.stubble * _jaw(p, eyes[1.0][0]) * (1 - lips))
        albedo = _mix(albedo, brow, np.clip(brows, 0, 1) * 0.9)
        if s.tint is not None:
            ragged = (
                s.tint + 0.004 * noise(p * [1, 1, 0.4], 0.004, 21) + 0.002 * noise(p, 0.012, 22)
            )
            albedo = _mix(albedo, linear(look.hair), _step(-0.009, 0.003, ragged) * 0.92)
        albedo = _mix(albedo, np.array([0.012, 0.008, 0.007]), np.clip(lash * look.liner, 0, 1))
        return Paint(
            albedo,
            0.42 - 0.12 * lips,
            (0.5 + 0.35 * lips) * (1 - 0.8 * np.clip(brows, 0, 1)),
            (0.30, 0.12, 0.07),
        )

    return paint


def _jaw(p: Array, eye: Array) -> Array:
    """(n,) where a beard grows: jaw, chin and upper lip, seen from the eye's height."""
    z = p[:, 2] - eye[2]
    low = 1 - _step(-0.062, -0.048, z)
    cheek = _step(0.03, 0.055, np.abs(p[:, 0])) * (1 - _step(-0.05, -0.01, z))
    front = p[:, 1] < eye[1] + 0.085
    return np.asarray(np.maximum(low, cheek) * front * _step(-0.125, -0.095, z))


def _eye_centre(body: Body, sign: float) -> tuple[Array, float]:
    """The eyeball's centre and radius: the two loose pieces of the mesh near the eye bones."""
    bone = "eye.L" if sign > 0 else "eye.R"
    mine = body.vertices[body.weights[:, body.index(bone)] > 0.99]
    low, high = mine.min(axis=0), mine.max(axis=0)
    return (low + high) / 2, float((high - low).min() / 2)


def eye_painter(body: Body, look: Complexion) -> Painter:
    eyes = {sign: _eye_centre(body, sign) for sign in (1.0, -1.0)}
    iris = linear(look.iris)

    def paint(s: Spots) -> Paint:
        albedo = np.zeros_like(s.coords)
        for sign, (centre, radius) in eyes.items():
            mine = s.coords[:, 0] * sign > 0
            d = s.coords[mine] - centre
            away = np.hypot(d[:, 0] + 0.0006 * sign, d[:, 2]) / radius
            white = np.broadcast_to([0.80, 0.77, 0.75], d.shape)
            ring = _step(0.56, 0.5, away)
            out = _mix(white, iris * (0.55 + 0.9 * _step(0.2, 0.5, away))[:, None], ring)
            out = _mix(out, iris * 0.25, _step(0.42, 0.5, away) * ring)
            out = _mix(out, np.array([0.006, 0.005, 0.005]), 1 - _step(0.22, 0.27, away))
            glint = np.hypot(d[:, 0] + 0.0028, d[:, 2] - 0.0032)
            out = _mix(out, np.array([1.6, 1.6, 1.6]), (1 - _step(0.0013, 0.0021, glint)) * 0.9)
            lid = 1 - 0.45 * _step(0.1, 0.75, d[:, 2] / radius)
            albedo[mine] = out * lid[:, None]
        return Paint(
            albedo, np.full(len(albedo), 0.1), np.full(len(albedo), 1.0), (0.2, 0.15, 0.15)
        )

    return paint


Pattern = Callable[[Array], tuple[Array, Array]]


def cloth_painter(
    colour: str, weave: float = 0.0012, bump: float = 0.10, pattern: Pattern | None = None,
    crease: float = 0.22, size: tuple[float, float, float] = (0.045, 0.05, 0.15), sheen: float = 0.12,
    seed: int = 1, hem: float = 0.0,
) -> Painter:  # fmt: skip
    """Dyed cloth, its edges banded `hem` metres wide: `pattern` maps coords to (share (n,), colour (n, 3)) laid over the dye."""
    dye = linear(colour)

    def paint(s: Spots) -> Paint:
        p = s.coords
        grain = noise(p, weave * 2.5, seed + 5)
        albedo = dye * (1 + 0.06 * grain + 0.03 * noise(p, 0.05, seed + 6))[:, None]
        if pattern is not None:
            share, over = pattern(p)
            albedo = _mix(albedo, over, share)
        if hem and s.tint is not None:
            rib = 0.5 + 0.5 * np.cos(p @ np.array([1.0, 0.7, 0.0]) * 2 * np.pi / 0.005)
            band = 1 - _step(hem * 0.92, hem, s.tint)
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
            inside = _step(low - 0.001, low + 0.001, p[:, 2]) * _step(
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
        return 1 - _step(size * 0.85, size * 1.1, away), np.broadcast_to(over, p.shape)

    return pattern


def shoe_painter(upper: str, sole: str, trim: str) -> Painter:
    """`coords` of shoes are metres from the ankle, y to the toe, z over the sole's bottom."""
    body, rubber, lace = (linear(c) for c in (upper, sole, trim))

    def paint(s: Spots) -> Paint:
        p = s.coords
        albedo = np.broadcast_to(body, p.shape).copy()
        top = (s.normal[:, 2] > 0.3) & (p[:, 1] > 0.02) & (p[:, 1] < 0.10)
        bars = (np.abs(((p[:, 1] / 0.016) % 1) - 0.5) < 0.22) & top & (np.abs(p[:, 0]) < 0.022)
        albedo[bars] = lace
        stripe = (np.abs(p[:, 1] - 0.045 + (p[:, 2] - 0.05) * 0.5) < 0.007) & ~top
        albedo[stripe] = lace
        low = _step(0.030, 0.027, p[:, 2])
        albedo = _mix(albedo, rubber, low)
        albedo = _mix(albedo, rubber * 0.6, (np.abs(p[:, 2] - 0.028) < 0.0012).astype(float))
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
        albedo = _mix(np.broadcast_to(low, p.shape), np.broadcast_to(high, p.shape), shade)
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
