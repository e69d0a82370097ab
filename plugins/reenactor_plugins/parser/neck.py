"""Separates face and neck (classes 13 and 10), which many datasets merge."""

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from reenactor.joints import Joint
from reenactor.labels import Label

JAW = range(17)
SEEN = 0.2
"""Key points below this confidence are ignored."""
CHIN = 0.42
"""If the jaw is not visible: position of the chin between nose and neck joint."""


def split_neck(
    labels: UInt8[np.ndarray, "H W"],
    body: Float[np.ndarray, "25 3"],
    face: Float[np.ndarray, "70 3"],
) -> UInt8[np.ndarray, "H W"]:
    """Relabel face as torso skin below the jaw.

    The border runs along the jaw's 17 key points, extended outwards from the ears, or is a line
    across the chin if they are not visible. If neither is known, labels are unchanged.
    """
    line = _jaw_line(body, face)
    if line is None:
        return labels
    points, down = line
    across = np.array([down[1], -down[0]])  # to the picture's right for an upright head
    if (points[-1] - points[0]) @ across < 0:
        points = points[::-1]
    far = 4.0 * max(labels.shape)
    left, right = points[0] - across * far, points[-1] + across * far
    outline = np.concatenate([[left], points, [right, right + down * far, left + down * far]])
    below = np.zeros(labels.shape, np.uint8)
    cv2.fillPoly(below, [np.clip(outline * 16, -(2**26), 2**26).astype(np.int32)], (1,), shift=4)
    result: UInt8[np.ndarray, "H W"] = labels.copy()
    result[(below > 0) & (labels == Label.FACE)] = Label.TORSO_SKIN
    return result


def _jaw_line(body: np.ndarray, face: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The border as points from ear to ear, and the unit vector from head to neck."""
    has = body[:, 2] > SEEN
    if not (has[Joint.NECK] and has[Joint.NOSE]):
        return None
    nose, neck = body[Joint.NOSE, :2], body[Joint.NECK, :2]
    length = float(np.hypot(*(neck - nose)))
    if length < 1:
        return None
    down = (neck - nose) / length
    jaw = face[list(JAW)]
    if (jaw[:, 2] > SEEN).all():
        return jaw[:, :2], down
    chin = nose + CHIN * (neck - nose)
    across = np.array([down[1], -down[0]])
    return np.stack([chin - across * length, chin + across * length]), down
