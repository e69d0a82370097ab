"""From LIP's classes with bags and gaps to the house's 22."""

import numpy as np
from jaxtyping import Float, UInt8

from reenactor.labels import Label
from reenactor_plugins.datasets.ccp.classes import BAG, IGNORED
from reenactor_plugins.datasets.gaps import GAP, filled
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
    labels[labels == IGNORED] = GAP
    return split_neck(filled(labels), body, np.zeros((70, 3)))
