"""Backdrops and the stage, by formula: linear light over a camera's picture."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reenactor_anny.mesh import Array
from reenactor_anny.render import Camera, film, linear


def seamless(
    wall: str, floor: str, glow: float = 0.35, middle: float = 0.42
) -> Callable[[Camera], Array]:
    """A paper roll: the wall runs into the floor by a soft bend, a light behind the person."""
    up, down = linear(wall), linear(floor)

    def backdrop(camera: Camera) -> Array:
        y, x = np.mgrid[0 : camera.height, 0 : camera.width]
        bend = camera.project(np.array([0.0, 1.6, 0.0]))[1]
        t = 1 / (1 + np.exp(-(y - bend) / (0.035 * camera.height)))
        u = (x / camera.width - 0.5) * camera.width / camera.height
        v = y / camera.height - middle
        halo = np.exp(-(u**2 + v**2) / 0.16)
        shade = 1 - glow * 0.5 + glow * halo
        colour = up * (1 - t[:, :, None]) + down * t[:, :, None]
        return np.asarray(colour * shade[:, :, None] * 1.25)

    return backdrop


def stage(width: int, height: int, phase: float) -> NDArray[np.uint8]:
    """A dance stage at `phase` in [0, 1) of its loop: a curtain, beams, pools, floating lights."""
    y, x = np.mgrid[0:height, 0:width]
    u, v = (x + 0.5 - width / 2) / height, (y + 0.5) / height
    turn = 2 * np.pi * phase
    light = _curtain(u, v)
    for colour, start, centre, swing, shift in BEAMS:
        tint = linear(colour)
        foot = centre + swing * np.sin(turn + shift)
        light += _beam(u, v, start, foot)[:, :, None] * tint
        pool = np.exp(-(((u - foot) / 0.17) ** 2) - ((v - 0.90) / 0.045) ** 2)
        light += 0.55 * pool[:, :, None] * tint * (v > FLOOR)[:, :, None]
    rng = np.random.default_rng(4)
    for _ in range(26):
        place = rng.uniform([-0.4, 0.04], [0.4, 0.72])
        size, speed, offset = (
            rng.uniform(0.006, 0.022),
            int(rng.integers(1, 3)),
            rng.uniform(0, 6.28),
        )
        tint = linear(("#ffd9a0", "#ff9ad5", "#9ad8ff")[int(rng.integers(3))])
        bob = 0.012 * np.sin(turn * speed + offset)
        away = np.hypot(u - place[0], v - place[1] - bob) / size
        glow = 0.10 + 0.09 * np.sin(turn * speed + 2 * offset)
        light += (glow / (1 + np.exp(((away - 1) * 9).clip(None, 60))))[:, :, None] * tint
    light *= (1 - 0.55 * (np.hypot(u / 0.62, (v - 0.5) / 0.75) ** 2).clip(0, 1))[:, :, None]
    grain = np.random.default_rng(5).triangular(-1, 0, 1, (height, width, 1))
    return np.asarray((film(light) * 255 + 0.5 + grain).clip(0, 255).astype(np.uint8))


FLOOR = 0.80
# colour, where a beam starts, the middle of its foot, how far it swings, its lag: in heights.
BEAMS = (
    ("#ff5fa2", -0.42, 0.10, 0.22, 0.0),
    ("#4fb4ff", 0.42, -0.10, 0.22, 2.1),
    ("#ffc861", 0.0, 0.0, 0.16, 4.2),
)


def _beam(u: Array, v: Array, start: float, foot: float) -> Array:
    """A soft cone of light from the top to its foot on the floor."""
    t = (v + 0.1) / 1.0
    middle = start + (foot - start) * t
    spread = 0.012 + 0.11 * t
    core = np.exp(-(((u - middle) / spread) ** 2))
    return np.asarray(
        0.30 * core * (1 - 0.72 * t.clip(0, 1)) / (1 + np.exp((v - FLOOR - 0.09) / 0.012))
    )


def _curtain(u: Array, v: Array) -> Array:
    """Deep folds over a dark shining floor, which mirrors them faintly."""
    folds = 0.5 + 0.5 * np.cos(58 * u + 1.2 * np.sin(9 * u) + 0.3 * np.sin(4 * v))
    wall = linear("#3b2a63") * (0.25 + 0.75 * folds**1.5)[:, :, None]
    wall = wall * (0.35 + 0.65 * np.exp(-(((v - 0.55) / 0.42) ** 2)))[:, :, None]
    deep = linear("#221a38") * (0.6 + 1.2 * np.clip((v - FLOOR) / 0.2, 0, 1))[:, :, None]
    mirror = 0.35 * wall * np.exp(-np.clip(v - FLOOR, 0, 1) / 0.05)[:, :, None]
    share = 1 / (1 + np.exp(-(v - FLOOR) / 0.003))[:, :, None]
    return np.asarray(wall * (1 - share) + (deep + mirror) * share)
