"""Whether two pictures show the same scene from the same place, and in which light."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor_plugins.inpainter.filling.box import reduced

STEP = 8
"""A thumbnail has one pixel for 8x8."""

OFF = 12
"""Thumbnails that differ by less (of 255) show the same."""

ALIKE = 0.85
"""The share of the background that must be the same: trees move, people pass."""

FEWEST = 24
"""Fewer pixels of edges than this say nothing."""


@dataclass(frozen=True)
class Thumbnail:
    """A small picture and which of its pixels are background."""

    picture: Float[np.ndarray, "h w 3"]
    visible: Bool[np.ndarray, "h w"]


def thumbnail(picture: UInt8[np.ndarray, "H W 3"], hidden: Bool[np.ndarray, "H W"]) -> Thumbnail:
    size = max(1, hidden.shape[0] // STEP), max(1, hidden.shape[1] // STEP)
    small, hole = reduced(picture, hidden, size)
    return Thumbnail(small, cv2.dilate(hole.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)


def glance(picture: UInt8[np.ndarray, "H W 3"], hidden: Bool[np.ndarray, "H W"]) -> Thumbnail:
    """A thumbnail at no cost, of single pixels, to look at every frame of a video."""
    rare = slice(None, None, 2 * STEP)
    return Thumbnail(picture[rare, rare].astype(np.float32), ~hidden[rare, rare])


def gain(first: Thumbnail, second: Thumbnail) -> Float[np.ndarray, " 3"]:
    """By what to multiply the first's red, green and blue to have the second's light."""
    both = first.visible & second.visible
    one, two = first.picture[both], second.picture[both]
    clear = ((one > 16) & (one < 240) & (two > 16) & (two < 240)).all(1)
    if clear.sum() < 32:
        return np.ones(3)
    return np.asarray(np.median(two[clear] / one[clear], axis=0), np.float64)


def alike(first: Thumbnail, second: Thumbnail) -> float:
    """The share of the background seen in both that is the same but for its light; 0 if none."""
    both = first.visible & second.visible
    return float(_same(first, second)[both].mean()) if both.any() else 0.0


def still(first: Thumbnail, second: Thumbnail) -> bool:
    """Whether the camera stood still between two views that have few corners to follow.

    What little there is to see in the first, the line between wall and floor, say, must be where
    it was. (Not what is in the second alone: that may be the dancer's shadow.)
    """
    both = first.visible & second.visible
    if not both.any():
        return False
    edges = both & _rough(first)
    same = _same(first, second)
    in_place = edges.sum() < FEWEST or same[edges].mean() >= ALIKE
    return bool(in_place and same[both].mean() >= ALIKE)


def _same(first: Thumbnail, second: Thumbnail) -> Bool[np.ndarray, "h w"]:
    off = np.abs(first.picture * gain(first, second) - second.picture).max(-1)
    return np.asarray(off < OFF)


def _rough(small: Thumbnail) -> Bool[np.ndarray, "h w"]:
    """Where the picture changes from one thumbnail pixel to the next."""
    grey = small.picture.mean(-1).astype(np.float32)
    low, high = (change(grey, np.ones((2, 2), np.uint8)) for change in (cv2.erode, cv2.dilate))
    return np.asarray(high - low > OFF)
