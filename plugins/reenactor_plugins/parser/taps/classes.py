"""Converts between the network's classes and ours."""

import numpy as np
from jaxtyping import Float32, UInt8

from reenactor.labels import NUM_LABELS, Label

BAG = NUM_LABELS
"""Temporary class for bags, which a parsing does not have."""

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
"""`OURS[c]` is our class for the network's class `c`: LIP's 20 classes, then bags."""


NEAREST: tuple[int, ...] = tuple(Label.BACKGROUND if ours == BAG else ours for ours in OURS)
"""The same without bags."""

_TAUGHT = {
    Label.TORSO_SKIN: Label.FACE,
    Label.LEFT_HAND: Label.LEFT_ARM,
    Label.RIGHT_HAND: Label.RIGHT_ARM,
}
"""The network's classes for ours that it lacks."""


def in_networks_classes(labels: UInt8[np.ndarray, "H W"]) -> UInt8[np.ndarray, "H W"]:
    """Convert our 22 classes to the network's.

    Hands become arms, and torso skin becomes face: the parser separates them at the chin. Bags and
    jumpsuits are not among our classes, so they cannot be learnt from prepared shards.
    """
    table = np.arange(NUM_LABELS, dtype=np.uint8)
    table[list(_TAUGHT)] = list(_TAUGHT.values())
    result: UInt8[np.ndarray, "H W"] = table[labels]
    return result


def in_our_classes(probabilities: Float32[np.ndarray, "21 h w"]) -> Float32[np.ndarray, "23 h w"]:
    """Convert probabilities to our 22 classes and bags, summing equivalent classes."""
    result = np.zeros((NUM_LABELS + 1, *probabilities.shape[1:]), np.float32)
    for theirs, ours in enumerate(OURS):
        result[ours] += probabilities[theirs]
    return result
