"""Converts LIP's classes with bags and gaps to our 22."""

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
    """Convert classes of `learnt_classes` to labels of `reenactor.labels`.

    Belts and accessories get the nearest label; bags become background, as in the parser `taps`;
    skin below the chin becomes torso skin.

    Args:
        classes: LIP's, `BAG` and `IGNORED`.
        body: nose and neck in pixels, which locate the border of face and neck.
    """
    labels = np.where(classes == _JUMPSUIT, Label.DRESS, classes).astype(np.uint8)
    labels[labels == BAG] = Label.BACKGROUND
    labels[labels == IGNORED] = GAP
    return split_neck(filled(labels), body, np.zeros((70, 3)))
