"""The meaning of numbers and colours in label files."""

from typing import Literal

import numpy as np
from jaxtyping import UInt8

from reenactor.labels import PALETTE
from reenactor_plugins.parser.label_sets import SETS, numbers_of

UNKNOWN = 255
"""Marks unknown entries; not a label."""

_HANDS = ("left-hand", "right-hand")
CLASSES: dict[Literal["cihp", "lip", "atr"], tuple[int, ...]] = {
    "cihp": numbers_of(SETS["cihp"] + _HANDS),
    "lip": numbers_of(SETS["lip"] + _HANDS),
    "atr": numbers_of(SETS["atr"]),
}
"""Labels by class number for each dataset; 20 and 21 are our hands."""

_NEAR = 12
"""Tolerance per channel when matching palette colours, since some files have 254 for 255."""


def labels_of_classes(
    numbers: UInt8[np.ndarray, "H W"], classes: Literal["cihp", "lip", "atr"]
) -> UInt8[np.ndarray, "H W"]:
    """Labels of class numbers; UNKNOWN for invalid numbers."""
    table = np.full(256, UNKNOWN, np.uint8)
    table[: len(CLASSES[classes])] = CLASSES[classes]
    labels: np.ndarray = table[numbers]
    return labels


def classes_of_colours(colours: UInt8[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "H W"]:
    """Class numbers of palette colours; UNKNOWN for colours outside the palette."""
    shades, inverse = np.unique(colours.reshape(-1, 3), axis=0, return_inverse=True)
    gaps = np.abs(shades[:, None].astype(int) - np.array(PALETTE)[None]).max(2)
    number = np.where(gaps.min(1) <= _NEAR, gaps.argmin(1), UNKNOWN).astype(np.uint8)
    return number[inverse.ravel()].reshape(colours.shape[:2])
