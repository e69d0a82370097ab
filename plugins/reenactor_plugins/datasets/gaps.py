"""Fills pixels without a class from their neighbours."""

import cv2
import numpy as np
from jaxtyping import UInt8

from reenactor.labels import Label

GAP = 255
"""Label of such pixels."""


def filled(labels: UInt8[np.ndarray, "H W"]) -> UInt8[np.ndarray, "H W"]:
    """Fill each gap with the label of the nearest labelled pixel."""
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
