"""Draws the two hand classes over a parsing (paper, section 3.1).

"2 labels are added to augment the hand landmarks extracted by OpenPose as labels": no parser
predicts classes 20 and 21. They are drawn from the 21 key points of each hand: a filled palm, and
lines of finger thickness.
"""

import cv2
import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from torch import Tensor

from reenactor.joints import HAND_BONES
from reenactor.labels import Label

SEEN = 0.2
"""The minimum confidence of key points."""
PALM = (0, 1, 5, 9, 13, 17)
"""Wrist, thumb's root and knuckles: the outline of the palm."""
FINGER_WIDTH = 0.22
"""Finger width relative to the distance from the wrist to the middle knuckle. Real fingers are
about 0.25; slightly thinner lines do not cover held objects."""
MINIMUM = 8
"""The minimum number of key points of a hand; fewer are likely a false detection."""

HANDS = (Label.LEFT_HAND, Label.RIGHT_HAND)


def draw_hands(
    labels: UInt8[Tensor, "T H W"], hands: Float[Tensor, "T 2 21 3"]
) -> UInt8[Tensor, "T H W"]:
    """Draw both hands of T people over their parsings.

    Args:
        labels: parsings, which are not modified.
        hands: key points in pixels with confidence, left hand first.
    """
    drawn = labels.numpy().copy()
    points = hands.float().numpy()
    for t in range(len(drawn)):
        for side, label in enumerate(HANDS):
            drawn[t][hand_mask(points[t, side], drawn[t].shape)] = label
    return torch.from_numpy(drawn)


def hand_mask(points: Float32[np.ndarray, "21 3"], size: tuple[int, int]) -> np.ndarray:
    """The mask of a hand, bool `(H, W)`; empty if too few key points are visible."""
    mask = np.zeros(size, bool)
    seen = (points[:, 2] >= SEEN) & np.isfinite(points).all(1)
    if int(seen.sum()) < MINIMUM:
        return mask
    radius = FINGER_WIDTH * _palm_length(points, seen) / 2
    limit = np.array([size[1], size[0]])
    low = np.clip(np.floor(points[seen, :2].min(0) - radius - 1), 0, limit).astype(int)
    high = np.clip(np.ceil(points[seen, :2].max(0) + radius + 2), 0, limit).astype(int)
    if (high <= low).any():
        return mask
    mask[low[1] : high[1], low[0] : high[0]] = _drawn(points[:, :2] - low, seen, high - low, radius)
    return mask


def _drawn(points: np.ndarray, seen: np.ndarray, size: np.ndarray, radius: float) -> np.ndarray:
    """Draw the fingers with this radius, and the palm."""
    outside = np.ones((size[1], size[0]), np.uint8)
    # 4 fractional bits, for the shape of small hands
    fixed = np.clip(points * 16, -(2**20), 2**20).round().astype(np.int32)
    for a, b in HAND_BONES:
        if seen[a] and seen[b]:
            cv2.line(outside, fixed[a].tolist(), fixed[b].tolist(), (0,), 1, shift=4)
    palm = [k for k in PALM if seen[k]]
    filled = np.zeros_like(outside)
    if len(palm) >= 3:
        cv2.fillPoly(filled, [cv2.convexHull(fixed[palm])], (1,), shift=4)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    mask: np.ndarray = (distance <= radius) | (filled > 0)
    return mask


def _palm_length(points: np.ndarray, seen: np.ndarray) -> float:
    """Wrist to middle knuckle in pixels; if one is hidden, half of the hand's extent."""
    if seen[0] and seen[9]:
        return float(np.hypot(*(points[9, :2] - points[0, :2])))
    low, high = points[seen, :2].min(0), points[seen, :2].max(0)
    return float(np.hypot(*(high - low))) / 2
