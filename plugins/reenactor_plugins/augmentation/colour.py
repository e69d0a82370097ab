"""Colour jitter for a person: for the whole picture, and for each garment separately.

The same `ColourJitter` is applied to every picture of a person, so that clothes stay consistent.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from jaxtyping import Float, Float64, UInt8
from torch import Tensor

from reenactor.labels import PART_GROUPS
from reenactor.values import Parsing

CLOTHES = ("upper", "lower", "feet")
"""Groups of classes that are recoloured separately."""
TINT, LIGHT = 50.0, 30.0
"""Maximum shift of a garment's colours, of 255: of each channel, and of all together."""


@dataclass(frozen=True)
class ColourJitter:
    """Lookup tables for red, green and blue, and colour transforms of the garments."""

    table: UInt8[np.ndarray, "256 3"]
    garments: Mapping[str, Float64[np.ndarray, "3 4"]]


def random_colour_jitter(
    amount: float, recolour: float, random: np.random.Generator
) -> ColourJitter:
    """Draw random gains and an exponent, and colours for some of the garments.

    Args:
        amount: maximum relative change of gains and exponent.
        recolour: share of the garments that get other colours.
        random: the random number generator."""
    values = np.linspace(0, 1, 256)[:, None]
    gains = np.exp(random.uniform(-1, 1, 3) * amount / 2 + random.uniform(-1, 1) * amount)
    bent = values ** np.exp(random.uniform(-1, 1) * amount) * gains
    garments = {group: _mixed(random) for group in CLOTHES if random.random() < recolour}
    return ColourJitter((bent.clip(0, 1) * 255).round().astype(np.uint8), garments)


def painted(
    picture: UInt8[Tensor, "1 H W 3"], parsing: Parsing, paint: ColourJitter
) -> UInt8[Tensor, "1 H W 3"]:
    """Apply colour jitter. Borders of garments are blended over one pixel."""
    pixels: np.ndarray = picture[0].numpy()
    for group, matrix in paint.garments.items():
        inside: np.ndarray = np.isin(parsing.labels[0].numpy(), PART_GROUPS[group]).astype(
            np.float32
        )
        inside = cv2.GaussianBlur(inside, (3, 3), 0)[:, :, None]
        other = cv2.transform(pixels, matrix).astype(np.float32)
        mixed: np.ndarray = pixels * (1 - inside) + other * inside
        pixels = mixed.round().astype(np.uint8)
    coloured = cv2.LUT(np.ascontiguousarray(pixels), paint.table[None])
    return torch.from_numpy(coloured)[None]


def recoloured(
    table: UInt8[Tensor, "256 3"], picture: Float[Tensor, "3 H W"]
) -> Float[Tensor, "3 H W"]:
    """Apply a table of `ColourJitter` to colours in [0, 1], with linear interpolation."""
    low = (picture * 255).clamp(0, 254.999)
    index, share = low.long(), low.frac()
    columns = table.float() / 255
    channels = [
        torch.lerp(columns[index[c], c], columns[index[c] + 1, c], share[c]) for c in range(3)
    ]
    return torch.stack(channels)


def _mixed(random: np.random.Generator) -> Float64[np.ndarray, "3 4"]:
    """A random hue rotation, which keeps brightness, followed by a shift."""
    angle = random.uniform(0, 2 * np.pi)
    grey = np.ones((3, 3)) / 3
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / np.sqrt(3)
    turn = np.cos(angle) * np.eye(3) + (1 - np.cos(angle)) * grey + np.sin(angle) * cross
    shift = random.uniform(-TINT, TINT, 3) + random.uniform(-LIGHT, LIGHT)
    return np.concatenate([turn, shift[:, None]], 1)
