"""Skin with a face painted on it, and eyes, by formula on the body at rest."""

from dataclasses import dataclass

import numpy as np

from reenactor_anny.body import Body, sample, texture_mask
from reenactor_anny.mesh import Array, noise
from reenactor_anny.paint import mix, step
from reenactor_anny.render import Paint, Painter, Spots, linear


@dataclass(frozen=True)
class Complexion:
    """Colours as '#rrggbb'; `brow` metres thick at its middle; a head's `size` (1 an adult's)."""

    skin: str
    lips: str
    brow_colour: str
    iris: str
    blush: float = 0.25
    brow: float = 0.0042
    liner: float = 0.6
    stubble: float = 0.0
    hair: str = "#000000"
    size: float = 1.0


def skin_painter(body: Body, look: Complexion) -> Painter:
    eyes = {sign: _eye_centre(body, sign) for sign in (1.0, -1.0)}
    base, lip, brow = (linear(c) for c in (look.skin, look.lips, look.brow_colour))
    deep = base * np.array([0.9, 0.62, 0.55])

    def at(name: str, uv: Array) -> Array:
        return sample(texture_mask(name), uv)

    def paint(s: Spots) -> Paint:
        p = s.coords
        tone = 0.035 * noise(p, 0.03, 3) + 0.03 * noise(p, 0.006, 4)
        albedo = base * (1 + tone[:, None])
        reds = np.zeros(len(p))
        lash = np.zeros(len(p))
        brows = np.zeros(len(p))
        sockets = np.zeros(len(p))
        for sign, (centre, radius) in eyes.items():
            d = (p - centre) / look.size
            x, z = d[:, 0] * sign, d[:, 2]
            front = d[:, 1] < radius / look.size * 0.9
            reds += np.exp(-(((x - 0.012) / 0.018) ** 2) - ((z + 0.042) / 0.016) ** 2) * front
            sockets += np.exp(-((x / 0.02) ** 2) - ((z + 0.002) / 0.012) ** 2) * front
            rim = np.linalg.norm(d, axis=1) - radius / look.size
            near = np.exp(-((np.maximum(rim, 0) / 0.0016) ** 2)) * front * (np.abs(x) < 0.021)
            lash = np.maximum(lash, near * np.where(z > -0.001, 1.0, 0.45))
            t = (x + 0.016) / 0.042
            line = 0.0185 + 0.0065 * np.sin(np.clip(t, 0, 1) * 2.2) - 0.004 * np.clip(t, 0, 1) ** 2
            thick = look.brow * (0.55 + 0.9 * np.clip(t, 0, 1) * (1 - np.clip(t, 0, 1)) * 2.2)
            inside = 1 - step(0.6, 1.25, np.abs(z - line) / np.maximum(thick, 1e-4))
            inside *= step(-0.02, 0.06, t) * (1 - step(0.94, 1.04, t)) * (d[:, 1] < 0)
            brows = np.maximum(brows, inside * (0.82 + 0.18 * noise(p, 0.0025, 9)))
        away = (p - eyes[1.0][0] * [0, 1, 1]) / look.size
        nose = np.exp(-((away[:, 0] / 0.013) ** 2) - ((away[:, 2] + 0.042) / 0.012) ** 2)
        reds += 0.5 * nose * (away[:, 1] < 0)
        albedo = mix(albedo, base * np.array([1.02, 0.7, 0.66]), np.clip(look.blush * reds, 0, 0.6))
        albedo = mix(albedo, deep, np.clip(0.22 * sockets, 0, 1))
        if s.uv is not None:
            lips = np.clip(at("lips", s.uv) * 1.1, 0, 1)
            albedo = mix(albedo, lip * (1 + 0.1 * noise(p, 0.003, 6))[:, None], lips * 0.85)
            nails = at("fingernails", s.uv)
            albedo = mix(albedo, base * 0.55 + np.array([0.36, 0.25, 0.24]), nails * 0.6)
            albedo = mix(albedo, deep * 0.35, at("inside-mouth", s.uv))
        else:
            lips = np.zeros(len(p))
        if look.stubble:
            albedo = mix(albedo, brow, look.stubble * _jaw(away) * (1 - lips))
        albedo = mix(albedo, brow, np.clip(brows, 0, 1) * 0.9)
        if s.tint is not None:
            ragged = (
                s.tint + 0.004 * noise(p * [1, 1, 0.4], 0.004, 21) + 0.002 * noise(p, 0.012, 22)
            )
            albedo = mix(albedo, linear(look.hair), step(-0.009, 0.003, ragged) * 0.92)
        albedo = mix(albedo, np.array([0.012, 0.008, 0.007]), np.clip(lash * look.liner, 0, 1))
        return Paint(
            albedo,
            0.42 - 0.12 * lips,
            (0.5 + 0.35 * lips) * (1 - 0.8 * np.clip(brows, 0, 1)),
            (0.30, 0.12, 0.07),
        )

    return paint


def _jaw(away: Array) -> Array:
    """(n,) where a beard grows: jaw, chin and upper lip, by places seen from between the eyes."""
    z = away[:, 2]
    low = 1 - step(-0.062, -0.048, z)
    cheek = step(0.03, 0.055, np.abs(away[:, 0])) * (1 - step(-0.05, -0.01, z))
    front = away[:, 1] < 0.085
    return np.asarray(np.maximum(low, cheek) * front * step(-0.125, -0.095, z))


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
            d = (s.coords[mine] - centre) / look.size
            radius = radius / look.size
            away = np.hypot(d[:, 0] + 0.0006 * sign, d[:, 2]) / radius
            white = np.broadcast_to([0.80, 0.77, 0.75], d.shape)
            ring = step(0.56, 0.5, away)
            out = mix(white, iris * (0.55 + 0.9 * step(0.2, 0.5, away))[:, None], ring)
            out = mix(out, iris * 0.25, step(0.42, 0.5, away) * ring)
            out = mix(out, np.array([0.006, 0.005, 0.005]), 1 - step(0.22, 0.27, away))
            glint = np.hypot(d[:, 0] + 0.0028, d[:, 2] - 0.0032)
            out = mix(out, np.array([1.6, 1.6, 1.6]), (1 - step(0.0013, 0.0021, glint)) * 0.9)
            lid = 1 - 0.45 * step(0.1, 0.75, d[:, 2] / radius)
            albedo[mine] = out * lid[:, None]
        return Paint(
            albedo, np.full(len(albedo), 0.1), np.full(len(albedo), 1.0), (0.2, 0.15, 0.15)
        )

    return paint
