"""Crops a picture around its hole."""

import cv2
import numpy as np
from jaxtyping import Bool, Float, Num

Box = tuple[slice, slice]
"""Rows and columns."""


def around(hole: Bool[np.ndarray, "H W"], margin: float | tuple[float, float]) -> Box | None:
    """The hole's bounding box with a margin in pixels (one number, or rows and columns), clipped to
    the picture; None if there is no hole."""
    rows, columns = np.flatnonzero(hole.any(1)), np.flatnonzero(hole.any(0))
    if not rows.size:
        return None
    vertical, horizontal = margin if isinstance(margin, tuple) else (margin, margin)
    height, width = hole.shape
    return (
        slice(max(0, int(rows[0] - vertical)), min(height, int(rows[-1] + vertical) + 1)),
        slice(max(0, int(columns[0] - horizontal)), min(width, int(columns[-1] + horizontal) + 1)),
    )


def reduced(
    image: Num[np.ndarray, "H W 3"], hole: Bool[np.ndarray, "H W"], size: tuple[int, int]
) -> tuple[Float[np.ndarray, "h w 3"], Bool[np.ndarray, "h w"]]:
    """Resize picture and hole to (height, width), ignoring hole pixels in averages.

    A resized pixel is a hole if more than half of it is; its colour is then undefined.
    """
    known = (~hole).astype(np.float32)
    target = size[::-1]
    share = cv2.resize(known, target, interpolation=cv2.INTER_AREA)
    value = cv2.resize(
        image.astype(np.float32) * known[..., None], target, interpolation=cv2.INTER_AREA
    )
    return value / np.maximum(share, 1e-6)[..., None], share < 0.5
