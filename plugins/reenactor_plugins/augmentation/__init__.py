"""What recipes do to examples before a network sees them."""

from reenactor_plugins.augmentation.mirror import mirrored
from reenactor_plugins.augmentation.view import Ranges, View, random_view, seen, squeezed

__all__ = ["Ranges", "View", "mirrored", "random_view", "seen", "squeezed"]
