"""From the classes of the training set to those of the house."""

import numpy as np
from jaxtyping import Float32

from reenactor.labels import NUM_LABELS, Label

BAG = NUM_LABELS
"""A class of our own for the time being: bags, which a parsing does not know."""

OURS: tuple[int, ...] = (
    Label.BACKGROUND,
    Label.HAT,
    Label.HAIR,
    Label.GLOVES,
    Label.SUNGLASSES,
    Label.UPPER_CLOTHES,
    Label.DRESS,
    Label.COAT,
    Label.SOCKS,
    Label.PANTS,
    Label.DRESS,  # jumpsuits: one garment from top to bottom, like a dress
    Label.SCARF,
    Label.SKIRT,
    Label.FACE,  # with the neck
    Label.LEFT_ARM,
    Label.RIGHT_ARM,
    Label.LEFT_LEG,
    Label.RIGHT_LEG,
    Label.LEFT_SHOE,
    Label.RIGHT_SHOE,
    BAG,
)
"""`OURS[c]` is what class `c` of the network becomes: LIP's 20 classes, then bags."""


def in_our_classes(probabilities: Float32[np.ndarray, "21 h w"]) -> Float32[np.ndarray, "23 h w"]:
    """Probabilities of the 22 classes and of bags; those that mean the same are added."""
    result = np.zeros((NUM_LABELS + 1, *probabilities.shape[1:]), np.float32)
    for theirs, ours in enumerate(OURS):
        result[ours] += probabilities[theirs]
    return result
