"""Fills pixels without a class from their neighbours."""

import numpy as np
from jaxtyping import UInt8

from reenactor.labels import Label
from reenactor.ops.filling import nearest_filled

GAP = 255
"""Label of such pixels."""


def filled(labels: UInt8[np.ndarray, "H W"]) -> UInt8[np.ndarray, "H W"]:
    """Fill each gap with the label of the nearest labelled pixel."""
    gaps = labels == GAP
    if not gaps.any() or gaps.all():
        return np.where(gaps, Label.BACKGROUND, labels).astype(np.uint8)
    return nearest_filled(labels, ~gaps)
