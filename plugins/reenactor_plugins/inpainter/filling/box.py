"""The part of a picture that a hole concerns."""

import cv2
import numpy as np
from jaxtyping import Bool, Float, Num

Box = tuple[slice, slice]
"""Rows and columns."""


def around(hole: Bool[np.ndarray, "H W"], margin: float | tuple[float, float]) -> Box | None:
    """The hole's bounding box, `margin` pixels wider on each side (one number, or rows and
    columns), cut at the picture's edge; None where there is no hole."""
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
    """Picture and hole at another size (height, width), hole pixels having no part in any average.

    A small pixel is a hole where more than half of it is. A hole's pixels have no meaning.
    """
    known = (~hole).astype(np.float32)
    target = size[::-1]
    share = cv2.resize(known, target, interpolation=cv2.INTER_AREA)
    value = cv2.resize(
        image.astype(np.float32) * known[..., None], target, interpolation=cv2.INTER_AREA
    )
    return value / np.maximum(share, 1e-6)[..., None], share < 0.5
