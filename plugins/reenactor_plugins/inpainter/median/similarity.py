"""Compares thumbnails: same scene, same camera position, relative lighting."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor_plugins.inpainter.filling.box import reduced

STEP = 8
"""A thumbnail has one pixel per 8x8 pixels."""

OFF = 12
"""Thumbnail pixels that differ by less (of 255) are equal."""

ALIKE, EDGES = 0.75, 0.55
"""Minimum shares of equal background and of equal edges in it, since trees move and people pass."""

FEWEST = 24
"""Minimum number of edge pixels for a decision."""


@dataclass(frozen=True)
class Thumbnail:
    """A small picture and the mask of its background."""

    picture: Float[np.ndarray, "h w 3"]
    visible: Bool[np.ndarray, "h w"]


def thumbnail(picture: UInt8[np.ndarray, "H W 3"], hidden: Bool[np.ndarray, "H W"]) -> Thumbnail:
    size = max(1, hidden.shape[0] // STEP), max(1, hidden.shape[1] // STEP)
    small, hole = reduced(picture, hidden, size)
    return Thumbnail(small, cv2.dilate(hole.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)


def gain(first: Thumbnail, second: Thumbnail) -> Float[np.ndarray, " 3"]:
    """Factors for red, green and blue that match the first's lighting to the second's."""
    both = first.visible & second.visible
    one, two = first.picture[both], second.picture[both]
    clear = ((one > 16) & (one < 240) & (two > 16) & (two < 240)).all(1)
    if clear.sum() < 32:
        return np.ones(3)
    return np.asarray(np.median(two[clear] / one[clear], axis=0), np.float64)


def in_place(first: Thumbnail, second: Thumbnail) -> bool:
    """Whether the camera was static between two views with nothing to track.

    Edges of the first, such as the line between wall and floor, must not have moved, and most of
    the rest must look alike. Edges only in the second are ignored; they may be shadows.
    """
    both = first.visible & second.visible
    if not both.any():
        return False
    edges = both & _rough(first)
    same = _same(first, second)
    return bool(
        same[both].mean() >= ALIKE and (edges.sum() < FEWEST or same[edges].mean() >= EDGES)
    )


def _same(first: Thumbnail, second: Thumbnail) -> Bool[np.ndarray, "h w"]:
    off = np.abs(first.picture * gain(first, second) - second.picture).max(-1)
    return np.asarray(off < OFF)


def _rough(small: Thumbnail) -> Bool[np.ndarray, "h w"]:
    """Mask of thumbnail pixels that differ from their neighbours."""
    grey = small.picture.mean(-1).astype(np.float32)
    low, high = (change(grey, np.ones((2, 2), np.uint8)) for change in (cv2.erode, cv2.dilate))
    return np.asarray(high - low > OFF)
