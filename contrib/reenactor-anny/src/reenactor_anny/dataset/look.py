"""Of what colours and patterns people and what they wear are, drawn at random."""

import numpy as np

from reenactor_anny.face import Complexion
from reenactor_anny.mesh import Array
from reenactor_anny.paint import (
    Pattern,
    checks,
    cloth_painter,
    dots,
    hair_painter,
    shoe_painter,
    stripes,
)
from reenactor_anny.render import Painter

Colour = tuple[float, float, float]
"""Red, green and blue as displayed, 0 to 1."""

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
LEATHERS: tuple[Colour, ...] = (
    (0.06, 0.06, 0.06), (0.90, 0.90, 0.88), (0.35, 0.22, 0.14), (0.55, 0.45, 0.35),
)  # fmt: skip
IRISES = ("#2c1a10", "#3f6a86", "#4b5a2a")


def cloth(rng: np.random.Generator) -> Painter:
    """What a garment may be of: mostly plain, mostly muted."""
    if rng.random() < 0.72:
        colour = np.array(CLOTHS[rng.integers(len(CLOTHS))]) + rng.normal(0, 0.05, 3)
    else:
        colour = rng.uniform(0.05, 0.95, 3)
    return cloth_painter(
        _hex(colour),
        pattern=_pattern(rng),
        crease=float(rng.uniform(0.05, 0.3)),
        hem=float(rng.uniform(0.01, 0.02)) if rng.random() < 0.5 else 0.0,
        seed=int(rng.integers(1, 1000)),
    )


def _pattern(rng: np.random.Generator) -> Pattern | None:
    second, gap = _hex(rng.uniform(0.05, 0.95, 3)), float(rng.uniform(0.02, 0.09))
    kind = rng.choice(5, p=[0.70, 0.09, 0.06, 0.08, 0.07])
    return (
        None,
        stripes(second, gap, axis=2),
        stripes(second, gap, axis=0, share=0.35),
        checks(second, gap),
        dots(second, gap, 0.28 * gap),
    )[kind]


def leather(rng: np.random.Generator) -> str:
    """What shoes and gloves are of: dark, white or brown, seldom bright."""
    if rng.random() < 0.8:
        return _hex(np.array(LEATHERS[rng.integers(len(LEATHERS))]) + rng.normal(0, 0.03, 3))
    return _hex(rng.uniform(0.1, 0.9, 3))


def shoe(rng: np.random.Generator) -> Painter:
    """Upper, sole and laces; half of them of one colour."""
    upper = leather(rng)
    return shoe_painter(upper, leather(rng), leather(rng) if rng.random() < 0.5 else upper)


def hair_colour(rng: np.random.Generator, age: float) -> Array:
    """Black and brown most often; grey with age; seldom dyed."""
    colour = np.array(
        HAIRS[rng.choice(len(HAIRS), p=[0.2, 0.2, 0.18, 0.14, 0.1, 0.08, 0.05, 0.05])]
    )
    if rng.random() < 0.04:
        colour = rng.uniform(0.1, 0.9, 3)
    grey = np.clip((age - 0.8) * 5, 0, 1) * rng.uniform(0.3, 1)
    return np.asarray(colour * (1 - grey) + np.array(GREY) * grey)


def hair(colour: Array, rng: np.random.Generator) -> Painter:
    return hair_painter(
        _hex(colour * 0.75), _hex(colour * 1.25 + 0.04), shine=float(rng.uniform(0.25, 0.8))
    )


def complexion(rng: np.random.Generator, hair: Array, size: float, *, made_up: bool) -> Complexion:
    """Skin of any tone between the lightest and the darkest, each equally often.

    Args:
        rng: what to draw from.
        hair: its colour.
        size: of the head, 1 an adult's.
        made_up: whether lips may be painted and lashes dark.
    """
    place, tones = rng.uniform(0, len(SKINS) - 1), np.array(SKINS)
    skin = np.array([np.interp(place, np.arange(len(SKINS)), tones[:, k]) for k in range(3)])
    skin = skin + rng.normal(0, 0.012, 3)
    painted = made_up and rng.random() < 0.4
    return Complexion(
        skin=_hex(skin),
        lips=_hex(np.array([0.65, 0.16, 0.2]) if painted else skin * [0.88, 0.62, 0.62]),
        brow_colour=_hex(hair * 0.8),
        iris=IRISES[rng.choice(3, p=[0.7, 0.15, 0.15])],
        blush=float(rng.uniform(0.1, 0.4)),
        brow=float(rng.uniform(0.0035, 0.0055)),
        liner=float(rng.uniform(0.5, 0.9) if made_up else rng.uniform(0.3, 0.6)),
        hair=_hex(hair * 0.75),
        size=size,
    )


def _hex(colour: Array) -> str:
    red, green, blue = (np.clip(colour, 0.03, 0.97) * 255).round().astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"
