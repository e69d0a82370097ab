"""What things are made of: colours and patterns, skins and hair."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

Colour = tuple[float, float, float]

SKINS: tuple[Colour, ...] = (
    (0.96, 0.83, 0.76), (0.93, 0.76, 0.66), (0.87, 0.67, 0.54), (0.78, 0.57, 0.43),
    (0.65, 0.44, 0.32), (0.50, 0.33, 0.24), (0.36, 0.23, 0.17), (0.25, 0.16, 0.12),
)  # fmt: skip
"""From the lightest to the darkest."""

HAIRS: tuple[Colour, ...] = (
    (0.06, 0.05, 0.05), (0.10, 0.08, 0.07), (0.20, 0.13, 0.09), (0.32, 0.21, 0.13),
    (0.50, 0.35, 0.20), (0.74, 0.58, 0.36), (0.86, 0.75, 0.55), (0.52, 0.22, 0.10),
)  # fmt: skip
GREY: Colour = (0.78, 0.77, 0.75)

CLOTHS: tuple[Colour, ...] = (
    (0.07, 0.07, 0.08), (0.93, 0.93, 0.91), (0.16, 0.20, 0.32), (0.30, 0.40, 0.56),
    (0.50, 0.50, 0.52), (0.76, 0.70, 0.58), (0.42, 0.30, 0.22), (0.62, 0.12, 0.14),
    (0.20, 0.34, 0.24), (0.85, 0.72, 0.30), (0.72, 0.48, 0.56), (0.36, 0.22, 0.42),
)  # fmt: skip


@dataclass(frozen=True)
class Stuff:
    """A colour, and perhaps a pattern of a second one: plain, stripes, bars, checks or dots."""

    colour: Colour
    second: Colour = (0.0, 0.0, 0.0)
    pattern: str = "plain"
    size: float = 0.05
    grain: float = 0.03


def cloth(rng: np.random.Generator) -> Stuff:
    """What a garment may be of: mostly plain, mostly muted."""
    if rng.random() < 0.72:
        colour = np.array(CLOTHS[rng.integers(len(CLOTHS))]) + rng.normal(0, 0.05, 3)
    else:
        colour = rng.uniform(0.05, 0.95, 3)
    second = rng.uniform(0.05, 0.95, 3)
    pattern = rng.choice(
        ["plain", "stripes", "bars", "checks", "dots"], p=[0.70, 0.09, 0.06, 0.08, 0.07]
    )
    return Stuff(
        _tuple(colour), _tuple(second), str(pattern), float(rng.uniform(0.02, 0.09)), 0.035
    )


def leather(rng: np.random.Generator) -> Stuff:
    """What shoes are of: dark, white or brown, seldom bright."""
    dark = [(0.06, 0.06, 0.06), (0.90, 0.90, 0.88), (0.35, 0.22, 0.14), (0.55, 0.45, 0.35)]
    colour = dark[rng.integers(4)] if rng.random() < 0.8 else rng.uniform(0.1, 0.9, 3)
    return Stuff(_tuple(np.asarray(colour) + rng.normal(0, 0.03, 3)), grain=0.02)


def skin(rng: np.random.Generator) -> Stuff:
    """Any tone between the lightest and the darkest, each equally often."""
    place = rng.uniform(0, len(SKINS) - 1)
    tones = np.array(SKINS)
    colour = [np.interp(place, np.arange(len(SKINS)), tones[:, k]) for k in range(3)]
    return Stuff(_tuple(np.array(colour) + rng.normal(0, 0.012, 3)), grain=0.015)


def hair(rng: np.random.Generator, age: float) -> Stuff:
    """Black and brown most often; grey with age; seldom dyed."""
    colour = np.array(
        HAIRS[rng.choice(len(HAIRS), p=[0.2, 0.2, 0.18, 0.14, 0.1, 0.08, 0.05, 0.05])]
    )
    if rng.random() < 0.04:
        colour = rng.uniform(0.1, 0.9, 3)
    grey = np.clip((age - 0.8) * 5, 0, 1) * rng.uniform(0.3, 1)
    return Stuff(_tuple(colour * (1 - grey) + np.array(GREY) * grey), grain=0.10)


def paint(
    stuffs: tuple[Stuff, ...], which: Int[np.ndarray, " n"], coords: Float[np.ndarray, "n 3"]
) -> Float[np.ndarray, "n 3"]:
    """The colour at each spot, before light falls on it."""
    out = np.zeros((len(which), 3), np.float32)
    for number, stuff in enumerate(stuffs):
        mine = which == number
        if mine.any():
            out[mine] = _painted(stuff, coords[mine])
    return out


def _painted(stuff: Stuff, at: Float[np.ndarray, "n 3"]) -> Float[np.ndarray, "n 3"]:
    x, y = at[:, 0] / stuff.size, at[:, 1] / stuff.size
    over = {
        "plain": np.zeros(len(at), bool),
        "stripes": y % 1 < 0.4,
        "bars": x % 1 < 0.35,
        "checks": (x % 1 < 0.5) ^ (y % 1 < 0.5),
        "dots": (x % 1 - 0.5) ** 2 + (y % 1 - 0.5) ** 2 < 0.08,
    }[stuff.pattern]
    colour = np.where(over[:, None], stuff.second, stuff.colour)
    wave = np.sin(at @ [61.0, 23, 41]) + np.sin(at @ [17.0, 71, 53]) + np.sin(at @ [113.0, 5, 97])
    painted: np.ndarray = colour * (1 + stuff.grain * wave[:, None])
    return painted.astype(np.float32)


def _tuple(colour: np.ndarray) -> Colour:
    r, g, b = np.clip(colour, 0.03, 0.97).tolist()
    return r, g, b
