"""Pixels whose class means nothing here: they become what is next to them."""

import cv2
import numpy as np
from jaxtyping import UInt8

from reenactor.labels import Label

GAP = 255
"""Marks such pixels."""


def filled(labels: UInt8[np.ndarray, "H W"]) -> UInt8[np.ndarray, "H W"]:
    """The same with each gap given the label of the nearest pixel that has one."""
    gaps = labels == GAP
    if not gaps.any() or gaps.all():
        return np.where(gaps, Label.BACKGROUND, labels).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(
        gaps.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    values = np.zeros(int(nearest.max()) + 1, np.uint8)
    values[nearest[~gaps]] = labels[~gaps]
    result: UInt8[np.ndarray, "H W"] = values[nearest]
    return result
