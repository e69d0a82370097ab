"""Bends one picture onto another of the same place, where parallax moves near and far things apart.

Dense optical flow is measured where both are visible, and carried smoothly across the hole.
"""

import cv2
import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor_plugins.inpainter.median.membrane import carried

SIDE = 256
"""Longest side at which flow is measured."""

LONGEST = 0.08
"""Longest displacement that is believed, as a share of the longer side."""

TEXTURE = 2.0
"""Mean slope, in levels per pixel, above which flow can be told from noise."""

WORTHWHILE = 0.85
"""Pictures are bent if at most this share of the difference remains."""

Picture = UInt8[np.ndarray, "H W 3"]
Mask = Bool[np.ndarray, "H W"]


def bent(laid: Picture, below: Picture, both: Mask) -> Float[np.ndarray, "h w 2"]:
    """Displacements, in pixels of the pictures, on a coarser grid: `below[x]` looks like
    `laid[x + displacement]`.

    Args:
        laid: the picture to bend.
        below: the picture that it shall fit.
        both: where both are visible.
    """
    height, width = both.shape
    scale = min(1.0, SIDE / max(height, width))
    size = max(16, round(width * scale)), max(16, round(height * scale))
    known = cv2.resize(both.view(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 252
    one, two = (cv2.resize(_grey(p), size, interpolation=cv2.INTER_AREA) for p in (below, laid))
    if known.any():  # the mean light apart
        light = np.median(two[known].astype(np.int16) - one[known])
        one = cv2.convertScaleAbs(np.maximum(one.astype(np.int16) + np.int16(light), 0))
    one = np.where(known, one, two)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST).calc(
        one, two, np.zeros((*size[::-1], 2), np.float32)
    )
    trusted = cv2.erode(known.view(np.uint8), np.ones((5, 5), np.uint8)) > 0
    trusted &= cv2.magnitude(flow[..., 0], flow[..., 1]) < LONGEST * max(size)
    moved = cv2.remap(two, *_places(flow), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    before, after = (cv2.blur(cv2.absdiff(one, picture), (5, 5)) for picture in (two, moved))
    slopes = [cv2.Sobel(one, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1))]
    textured = cv2.blur(cv2.magnitude(slopes[0], slopes[1]), (7, 7)) > TEXTURE
    trusted &= (after <= before) & textured
    if not trusted.any() or after[trusted].mean() > WORTHWHILE * before[trusted].mean():
        return np.zeros_like(flow)
    smooth = carried(
        cv2.blur(np.where(trusted[..., None], flow, 0), (3, 3)),
        cv2.erode(trusted.view(np.uint8), np.ones((3, 3), np.uint8)) > 0,
    )
    return np.asarray(smooth * [width / size[0], height / size[1]], np.float32)


def warped(picture: Picture, displacement: Float[np.ndarray, "h w 2"]) -> Picture:
    """The picture with each pixel taken from where the displacement points."""
    full = cv2.resize(displacement, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(
        cv2.remap(picture, *_places(full), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def _grey(picture: Picture) -> UInt8[np.ndarray, "H W"]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))


def _places(flow: Float[np.ndarray, "h w 2"]) -> tuple[np.ndarray, np.ndarray]:
    height, width = flow.shape[:2]
    columns = flow[..., 0] + np.arange(width, dtype=np.float32)
    rows = flow[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    return columns.astype(np.float32, copy=False), rows.astype(np.float32, copy=False)
