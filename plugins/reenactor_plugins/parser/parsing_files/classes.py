"""What the numbers and colours in label files mean."""

from typing import Literal

import numpy as np
from jaxtyping import UInt8

from reenactor.labels import PALETTE, Label

UNKNOWN = 255
"""Marks what has no meaning in a table; no label has this number."""

_L = Label
CLASSES: dict[Literal["cihp", "lip", "atr"], tuple[Label, ...]] = {
    "cihp": tuple(Label),
    # As CIHP, but 10 is a jumpsuit: like a dress, one piece above and below.
    "lip": tuple(_L.DRESS if label == _L.TORSO_SKIN else label for label in Label),
    "atr": (
        _L.BACKGROUND, _L.HAT, _L.HAIR, _L.SUNGLASSES, _L.UPPER_CLOTHES, _L.SKIRT, _L.PANTS,
        _L.DRESS, _L.PANTS, _L.LEFT_SHOE, _L.RIGHT_SHOE, _L.FACE, _L.LEFT_LEG, _L.RIGHT_LEG,
        _L.LEFT_ARM, _L.RIGHT_ARM, _L.BACKGROUND, _L.SCARF,
    ),
}  # fmt: skip
"""The label of each dataset's class numbers (in ATR 8 is a belt and 16 a bag)."""

_NEAR = 12
"""A colour is a palette's if no channel differs by more: palettes are written with 254 for 255."""


def labels_of_classes(
    numbers: UInt8[np.ndarray, "H W"], classes: Literal["cihp", "lip", "atr"]
) -> UInt8[np.ndarray, "H W"]:
    """Labels of class numbers; UNKNOWN where a number is no class."""
    table = np.full(256, UNKNOWN, np.uint8)
    table[: len(CLASSES[classes])] = CLASSES[classes]
    labels: np.ndarray = table[numbers]
    return labels


def classes_of_colours(colours: UInt8[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "H W"]:
    """Class numbers of palette colours; UNKNOWN where a colour is not in the palette."""
    shades, inverse = np.unique(colours.reshape(-1, 3), axis=0, return_inverse=True)
    gaps = np.abs(shades[:, None].astype(int) - np.array(PALETTE)[None]).max(2)
    number = np.where(gaps.min(1) <= _NEAR, gaps.argmin(1), UNKNOWN).astype(np.uint8)
    return number[inverse.ravel()].reshape(colours.shape[:2])
