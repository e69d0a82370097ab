"""From LIP's classes with bags and gaps to the house's 22."""

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from reenactor.labels import Label
from reenactor_plugins.clothing_co_parsing.classes import BAG, IGNORED
from reenactor_plugins.parser.neck import split_neck

_JUMPSUIT = 10
"""LIP's class: like a dress, one garment from top to bottom."""


def house_labels(
    classes: UInt8[np.ndarray, "H W"], body: Float[np.ndarray, "25 3"]
) -> UInt8[np.ndarray, "H W"]:
    """Labels of `reenactor.labels` from those of `learnt_classes`.

    Belts and accessories become what they lie on or beside; bags are background, as the parser
    `taps` has it; skin below the chin is torso skin.

    Args:
        classes: LIP's, `BAG` and `IGNORED`.
        body: nose and neck in pixels, for the border of face and neck.
    """
    labels = np.where(classes == _JUMPSUIT, Label.DRESS, classes).astype(np.uint8)
    labels[labels == BAG] = Label.BACKGROUND
    labels = _filled(labels, labels == IGNORED)
    return split_neck(labels, body, np.zeros((70, 3)))


def _filled(labels: UInt8[np.ndarray, "H W"], gaps: np.ndarray) -> UInt8[np.ndarray, "H W"]:
    """Gaps get the label of the nearest pixel that has one."""
    if not gaps.any() or gaps.all():
        return np.where(gaps, Label.BACKGROUND, labels).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(
        gaps.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    values = np.zeros(int(nearest.max()) + 1, np.uint8)
    values[nearest[~gaps]] = labels[~gaps]
    filled: UInt8[np.ndarray, "H W"] = values[nearest]
    return filled
