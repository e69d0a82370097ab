"""Completes textures of cloth and skin where something is in front of them."""

import cv2
import numpy as np
from jaxtyping import Bool

from reenactor.labels import Label
from reenactor.ops.silhouette import disc
from reenactor_plugins.puppet.arms import BARE
from reenactor_plugins.puppet.cut import BodyParts

_SHADE = 0.008
"""Width in metres of the shade and the mixed colours beside what is in front."""


def hair(parts: BodyParts) -> Bool[np.ndarray, "H W"]:
    """Hair, wherever it hangs."""
    return np.asarray(parts.labels == Label.HAIR)


def bare(parts: BodyParts) -> Bool[np.ndarray, "H W"]:
    """Hair, and the skin of arms and hands."""
    return hair(parts) | np.isin(parts.labels, BARE)


def beside(mask: np.ndarray, unit: float) -> Bool[np.ndarray, "H W"]:
    """What is so near to a mask in front that its colours are not its own."""
    reach = max(1, round(_SHADE * unit))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc(reach)) > 0)


def reflect(
    colour: np.ndarray, known: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Continue each row beyond its visible part by its reflection, which keeps the pattern.

    Args:
        colour: `(h, w, 3)`.
        known: weights in [0, 1], `(h, w)`.
        labels: `(h, w)`.

    Returns:
        The same, completed.
    """
    seen = known > 0.5
    rows, columns = np.arange(len(known))[:, None], np.arange(known.shape[1])[None]
    low = seen.argmax(1)[:, None]
    high = known.shape[1] - 1 - seen[:, ::-1].argmax(1)[:, None]
    source = np.where(columns < low, 2 * low - columns, columns)
    source = np.clip(np.where(columns > high, 2 * high - columns, source), 0, known.shape[1] - 1)
    take = (source != columns) & seen[rows, source]
    return (
        np.where(take[..., None], colour[rows, source], colour),
        np.where(take, 1, known),
        np.where(take, labels[rows, source], labels),
    )
