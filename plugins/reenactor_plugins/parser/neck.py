"""Face and neck: classes 13 and 10, which many training sets do not tell apart."""

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from reenactor.joints import Joint
from reenactor.labels import Label

JAW = range(17)
SEEN = 0.2
"""The minimum confidence of key points."""
CHIN = 0.42
"""Where no jaw is seen: how far down from the nose to the neck joint the chin is."""


def split_neck(
    labels: UInt8[np.ndarray, "H W"],
    body: Float[np.ndarray, "25 3"],
    face: Float[np.ndarray, "70 3"],
) -> UInt8[np.ndarray, "H W"]:
    """Skin labelled as face becomes torso skin where it is below the jaw.

    The border is the jaw's 17 key points, continued outwards from the ears; where they are not
    seen, a line across the chin. Where neither is known, labels stay as they are.
    """
    line = _jaw_line(body, face)
    if line is None:
        return labels
    points, down = line
    across = np.array([down[1], -down[0]])  # to the picture's right where down is down
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
