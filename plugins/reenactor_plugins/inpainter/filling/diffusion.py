"""Fills a hole with OpenCV's inpainting: fast and smooth, without texture."""

from typing import Literal

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor_plugins.inpainter.filling.box import around, reduced

Method = Literal["telea", "navier-stokes"]

BAND = 3
"""Width of the band along the hole's edge that is filled at full size, in pixels."""


def fill_by_diffusion(
    image: UInt8[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    *,
    method: Method = "telea",
    radius: float = 4.0,
    side: int = 128,
) -> UInt8[np.ndarray, "H W 3"]:
    """Fill the hole of a picture.

    A large hole is filled at a size where its surroundings' longer side is `side` pixels, to limit
    time; a band along the edge is then filled at full size, so that no seam is visible.
    """
    flag = cv2.INPAINT_TELEA if method == "telea" else cv2.INPAINT_NS
    box = around(hole, max(8.0, 0.05 * max(hole.shape)))
    if box is None:
        return image.copy()
    part, gap = image[box], hole[box]
    scale = side / max(gap.shape)
    if scale >= 1:
        joined = cv2.inpaint(part, gap.astype(np.uint8), radius, flag)
    else:
        size = max(1, round(gap.shape[0] * scale)), max(1, round(gap.shape[1] * scale))
        small, small_gap = reduced(part, gap, size)
        guess = cv2.inpaint(
            np.clip(small + 0.5, 0, 255).astype(np.uint8), small_gap.astype(np.uint8), radius, flag
        )
        guess = cv2.resize(guess, gap.shape[::-1], interpolation=cv2.INTER_CUBIC)
        inner = cv2.erode(gap.astype(np.uint8), np.ones((2 * BAND + 1, 2 * BAND + 1), np.uint8))
        joined = np.where(gap[..., None], guess, part)
        joined = cv2.inpaint(joined, gap.astype(np.uint8) - inner, BAND, flag)
    filled = image.copy()
    filled[box][gap] = joined[gap]
    return filled
