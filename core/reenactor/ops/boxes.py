"""What boxes share. A box is x0, y0, x1, y1 in pixels, with x0 <= x1 and y0 <= y1."""

import numpy as np
from jaxtyping import Float


def intersection(
    boxes: Float[np.ndarray, "N 4"], others: Float[np.ndarray, "M 4"]
) -> Float[np.ndarray, "N M"]:
    """The area that each box shares with each of the others, in square pixels."""
    low = np.maximum(boxes[:, None, :2], others[:, :2])
    high = np.minimum(boxes[:, None, 2:], others[:, 2:])
    shared: np.ndarray = np.clip(high - low, 0, None).prod(-1)
    return shared


def iou(
    boxes: Float[np.ndarray, "N 4"], others: Float[np.ndarray, "M 4"]
) -> Float[np.ndarray, "N M"]:
    """Intersection over union of each box with each of the others, in [0, 1]."""
    shared = intersection(boxes, others)
    return _ratio(shared, _area(boxes)[:, None] + _area(others) - shared)


def coverage(
    boxes: Float[np.ndarray, "N 4"], others: Float[np.ndarray, "M 4"]
) -> Float[np.ndarray, "N M"]:
    """The share of each box that each of the others covers, in [0, 1]."""
    shared = intersection(boxes, others)
    return _ratio(shared, np.broadcast_to(_area(boxes)[:, None], shared.shape))


def _area(boxes: Float[np.ndarray, "N 4"]) -> Float[np.ndarray, " N"]:
    area: np.ndarray = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    return area


def _ratio(
    part: Float[np.ndarray, "N M"], whole: Float[np.ndarray, "N M"]
) -> Float[np.ndarray, "N M"]:
    """0 where boxes share nothing; boxes without area, or that are NaN, never do."""
    ratio: np.ndarray = np.divide(part, whole, out=np.zeros_like(part), where=part > 0)
    return ratio
