"""Grows a hole over what belongs to the person but was not found with them.

Where a frame differs from the clean plate near the hole, there is hair, cloth, a ball or a shadow.
"""

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor.ops.silhouette import disc
from reenactor_plugins.inpainter.median.membrane import largest

TALL = 160
"""Height of the hole in pixels at which differences are measured."""

WEAK, STRONG = 16, 36
"""Differences (of 255) that belong to a thing, and that every thing has somewhere."""

LARGE = 0.5
"""A thing with a larger share of the hole's area is somebody else."""

ALONE = 0.06
"""The same for a thing that does not touch the hole."""

DARKEST, SOFT, HUE = 0.3, 0.6, 0.2
"""A shadow leaves at least this share of the light on the floor and on walls, and shares of colours
that differ by less."""

Picture = UInt8[np.ndarray, "H W 3"]
Mask = Bool[np.ndarray, "H W"]


def grown(
    picture: Picture, behind: Picture, hole: Mask, seen: Mask, reach: float, *, shadow: bool
) -> Mask:
    """The hole and the things near it that differ from what is behind, each as a whole.

    Args:
        picture: a part of a frame.
        behind: the same part without the person.
        hole: of the person.
        seen: where `behind` is known and always looks the same.
        reach: how far, in heights of the hole.
        shadow: whether the person's shadow is one of these things.
    """
    rows = np.flatnonzero(hole.any(1))
    tall = int(rows[-1] - rows[0]) + 1
    shrink = max(1, round(tall / TALL))
    size = -(-hole.shape[1] // shrink), -(-hole.shape[0] // shrink)
    now, clean = (cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (picture, behind))
    gap = cv2.resize(hole.view(np.uint8), size, interpolation=cv2.INTER_AREA)
    known = cv2.resize(seen.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    off = differences(now, clean, known & (gap == 0))
    off[~known] = 0
    if not shadow:
        off[_is_shadow(now, clean, int(rows[0] + 0.7 * tall) // shrink)] = 0
    things = _things(off, gap > 0, reach * tall / shrink)
    if not things.any():
        return hole
    covered = cv2.dilate(things.view(np.uint8), disc(2)) * 255
    large = cv2.resize(covered, hole.shape[::-1], interpolation=cv2.INTER_LINEAR) > 100
    return np.asarray(hole | (large & seen))


def differences(now: Picture, clean: Picture, outside: Mask) -> UInt8[np.ndarray, "h w"]:
    """How far each pixel is from everything in the clean picture next to it; fine detail that is
    a pixel off does not count. A difference in light of the whole picture is taken away."""
    some = outside[::3, ::3]
    if some.any():
        light = np.median(now[::3, ::3][some].astype(np.int16) - clean[::3, ::3][some], axis=0)
        clean = np.clip(clean.astype(np.int16) + light.astype(np.int16), 0, 255).astype(np.uint8)
    square = np.ones((3, 3), np.uint8)
    above = cv2.subtract(now, cv2.dilate(clean, square))
    below = cv2.subtract(cv2.erode(clean, square), now)
    return np.asarray(cv2.medianBlur(largest(np.maximum(above, below)), 3))


def _is_shadow(now: Picture, clean: Picture, floor: int) -> Mask:
    """Whether all colours are darker by about one factor; above row `floor`, where it may be hair,
    not by much."""
    one, two = (cv2.blur(p, (3, 3)).astype(np.float32) + 4 for p in (now, clean))
    share = one / two
    most, least = largest(share), -largest(-share)
    even = most - least < HUE
    least[:floor] -= SOFT - DARKEST
    return np.asarray(even & (least > DARKEST) & (most < 1))


def _things(off: UInt8[np.ndarray, "h w"], gap: Mask, reach: float) -> Mask:
    """Connected differences that lie within reach of the hole as a whole."""
    area = int(gap.sum())
    weak = ((off > WEAK) & ~gap).view(np.uint8)
    weak = cv2.morphologyEx(weak, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) & ~gap
    count, label = cv2.connectedComponents(weak, connectivity=8)
    distance = cv2.distanceTransform((~gap).view(np.uint8), cv2.DIST_L2, 3)
    keep = np.zeros(count, bool)
    if count > 1:
        inside = label > 0
        at = label[inside]
        sizes = np.bincount(at, minlength=count)
        nearest, farthest, most = np.full(count, np.inf), np.zeros(count), np.zeros(count)
        np.minimum.at(nearest, at, distance[inside])
        np.maximum.at(farthest, at, distance[inside])
        np.maximum.at(most, at, off[inside])
        touches = nearest <= 3
        keep = (most > STRONG) & (farthest <= reach) & (sizes >= 4)
        keep &= sizes <= np.where(touches, LARGE, ALONE) * area
        keep[0] = False
    return np.asarray(keep[label])
