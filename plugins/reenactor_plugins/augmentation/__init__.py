"""Data augmentation of training examples."""

from reenactor_plugins.augmentation.affine import (
    AffineRanges,
    AffineTransform,
    random_affine,
    seen,
    squeezed,
)
from reenactor_plugins.augmentation.colour import (
    ColourJitter,
    painted,
    random_colour_jitter,
    recoloured,
)
from reenactor_plugins.augmentation.mirror import mirrored

__all__ = [
    "AffineRanges",
    "AffineTransform",
    "ColourJitter",
    "mirrored",
    "painted",
    "random_affine",
    "random_colour_jitter",
    "recoloured",
    "seen",
    "squeezed",
]
