"""What recipes do to examples before a network sees them."""

from reenactor_plugins.augmentation.colour import Paint, painted, random_paint, recoloured
from reenactor_plugins.augmentation.mirror import mirrored
from reenactor_plugins.augmentation.view import Ranges, View, random_view, seen, squeezed

__all__ = [
    "Paint",
    "Ranges",
    "View",
    "mirrored",
    "painted",
    "random_paint",
    "random_view",
    "recoloured",
    "seen",
    "squeezed",
]
