"""The two hand classes, drawn over a parsing (paper, section 3.1).

"2 labels are added to augment the hand landmarks extracted by OpenPose as labels": no parser
gives classes 20 and 21; they are drawn from the 21 key points of each hand, the palm filled and
the fingers as lines as thick as fingers are.
"""

import cv2
import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from torch import Tensor

from reenactor.joints import HAND_BONES
from reenactor.labels import Label

SEEN = 0.2
"""Key points below this confidence are not drawn."""
PALM = (0, 1, 5, 9, 13, 17)
"""Wrist, thumb's root and knuckles: the outline of the palm."""
FINGER_WIDTH = 0.22
"""Of the distance from the wrist to the middle finger's knuckle: fingers are about a fourth as
thick as the palm is long, and a line that is drawn a little thin does not swallow what is held."""
MINIMUM = 8
"""A hand with fewer key points than this is not drawn: a guess, or a false detection."""

HANDS = (Label.LEFT_HAND, Label.RIGHT_HAND)


def draw_hands(
    labels: UInt8[Tensor, "T H W"], hands: Float[Tensor, "T 2 21 3"]
) -> UInt8[Tensor, "T H W"]:
    """Draw both hands of T people over their parsings.

    Args:
        labels: parsings; they stay as they are, the result is new.
        hands: key points in pixels with confidence, left hand first.
    """
    drawn = labels.numpy().copy()
    points = hands.float().numpy()
    for t in range(len(drawn)):
        for side, label in enumerate(HANDS):
            drawn[t][hand_mask(points[t, side], drawn[t].shape)] = label
    return torch.from_numpy(drawn)


def hand_mask(points: Float32[np.ndarray, "21 3"], size: tuple[int, int]) -> np.ndarray:
    """Where one hand is: bool `(H, W)`; nowhere if too few key points are seen."""
    canvas = np.zeros(size, np.uint8)
    seen = (points[:, 2] >= SEEN) & np.isfinite(points).all(1)
    if int(seen.sum()) < MINIMUM:
        return canvas > 0
    width = max(1, round(FINGER_WIDTH * _palm_length(points, seen)))
    # cv2 draws with whole-pixel ends; 4 fractional bits keep small hands in shape.
    fixed = np.clip(points[:, :2] * 16, -(2**20), 2**20).round().astype(np.int32)
    for a, b in HAND_BONES:
        if seen[a] and seen[b]:
            ends = tuple(fixed[a].tolist()), tuple(fixed[b].tolist())
            cv2.line(canvas, *ends, color=(1,), thickness=width, shift=4)
    palm = [k for k in PALM if seen[k]]
    if len(palm) >= 3:
        outline = cv2.convexHull(fixed[palm])
        cv2.fillPoly(canvas, [outline], (1,), shift=4)
    return canvas > 0


def _palm_length(points: np.ndarray, seen: np.ndarray) -> float:
    """Wrist to middle knuckle in pixels, or where one is hidden, half of the hand's reach."""
    if seen[0] and seen[9]:
        return float(np.hypot(*(points[9, :2] - points[0, :2])))
    low, high = points[seen, :2].min(0), points[seen, :2].max(0)
    return float(np.hypot(*(high - low))) / 2
