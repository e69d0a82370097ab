"""Other colours for a person: of the whole picture, and of each garment by itself.

The same `Paint` goes on every picture of the person, so that what they wear stays one thing.
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
"""Groups of classes that may get colours of their own."""
TINT, LIGHT = 50.0, 30.0
"""How far a garment's colours are shifted at most, of 255: each by itself, and all together."""


@dataclass(frozen=True)
class Paint:
    """What becomes of each value of red, green and blue; and how garments' colours are mixed."""

    table: UInt8[np.ndarray, "256 3"]
    garments: Mapping[str, Float64[np.ndarray, "3 4"]]


def random_paint(amount: float, recolour: float, random: np.random.Generator) -> Paint:
    """Gains and an exponent for all, drawn within that share; other colours for that share of
    the garments."""
    values = np.linspace(0, 1, 256)[:, None]
    gains = np.exp(random.uniform(-1, 1, 3) * amount / 2 + random.uniform(-1, 1) * amount)
    bent = values ** np.exp(random.uniform(-1, 1) * amount) * gains
    garments = {group: _mixed(random) for group in CLOTHES if random.random() < recolour}
    return Paint((bent.clip(0, 1) * 255).round().astype(np.uint8), garments)


def painted(
    picture: UInt8[Tensor, "1 H W 3"], parsing: Parsing, paint: Paint
) -> UInt8[Tensor, "1 H W 3"]:
    """A picture in other colours; borders of garments are a pixel soft."""
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
    """Colours in [0, 1] by a table of `Paint`, in between too."""
    low = (picture * 255).clamp(0, 254.999)
    index, share = low.long(), low.frac()
    columns = table.float() / 255
    channels = [
        torch.lerp(columns[index[c], c], columns[index[c] + 1, c], share[c]) for c in range(3)
    ]
    return torch.stack(channels)


def _mixed(random: np.random.Generator) -> Float64[np.ndarray, "3 4"]:
    """Colours turned about the greys, which keeps light and dark, and then shifted."""
    angle = random.uniform(0, 2 * np.pi)
    grey = np.ones((3, 3)) / 3
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / np.sqrt(3)
    turn = np.cos(angle) * np.eye(3) + (1 - np.cos(angle)) * grey + np.sin(angle) * cross
    shift = random.uniform(-TINT, TINT, 3) + random.uniform(-LIGHT, LIGHT)
    return np.concatenate([turn, shift[:, None]], 1)
