"""Cleans up labels: keeps one person, removes specks, merges bags into garments."""

from collections.abc import Collection, Iterator

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor.ops.filling import nearest_filled
from reenactor.ops.silhouette import disc

Labels = UInt8[np.ndarray, "H W"]
Mask = Bool[np.ndarray, "H W"]

OUTSIDE = 0.35
"""Share of background around a piece above which it protrudes from the person."""

GARMENTS = (5, 6, 7, 9, 12)
"""Upper clothes, dress, coat, pants, skirt: classes that bags may be merged into."""


def keep_person(labels: Labels, bones: Bool[np.ndarray, "H W"]) -> Labels:
    """Keep the connected components of the silhouette that contain the person's bones."""
    count, parts = cv2.connectedComponents((labels > 0).astype(np.uint8))
    touched = np.zeros(count, bool)
    touched[np.unique(parts[bones])] = True
    touched[0] = False
    result: Labels = np.where(touched[parts], labels, 0).astype(np.uint8)
    return result


def remove_specks(labels: Labels, least: int) -> Labels:
    """Replace connected components smaller than `least` pixels by their nearest labels.

    Background counts as a class: small holes in a person are closed.
    """
    speck = np.zeros(labels.shape, np.uint8)
    for label in np.unique(labels):
        count, parts, stats, _ = cv2.connectedComponentsWithStats(
            (labels == label).astype(np.uint8), connectivity=4
        )
        small = stats[:, cv2.CC_STAT_AREA] < least
        small[0] = False
        if count > 1 and small.any():
            speck[small[parts]] = 1
    if not speck.any() or speck.all():
        return labels
    return nearest_filled(labels, speck == 0)


def merge_into_neighbours(labels: Labels, label: int, into: Collection[int], reach: int) -> Labels:
    """Relabel each component of a class as the class of `into` that it touches most.

    A component that touches none within `reach` pixels becomes the nearest of them, or background
    if there are none.
    """
    others = np.isin(labels, list(into))
    result = labels.copy()
    if not others.any():
        result[labels == label] = 0
        return result
    nearest = nearest_filled(labels, others)
    for part, piece, around in _pieces(labels == label, reach):
        touching = labels[part][around & others[part]]
        if touching.size == 0:
            touching = nearest[part][piece]
        result[part][piece] = np.bincount(touching).argmax()
    return result


def remove_protruding(labels: Labels, label: int, reach: int) -> Labels:
    """Relabel components of a class that protrude from the person as background.

    Thin and thick components are handled separately, so that a bag beside the body is removed and
    its strap across the chest is kept. A component protrudes if more than OUTSIDE of its
    surroundings within `reach` pixels is background.
    """
    mask = (labels == label).astype(np.uint8)
    thick = cv2.morphologyEx(mask, cv2.MORPH_OPEN, disc(2 * reach)) > 0
    result = labels.copy()
    for pieces in (thick, (mask > 0) & ~thick):
        for part, piece, around in _pieces(pieces, reach):
            beside = labels[part][around & (labels[part] != label)]
            if beside.size == 0 or (beside == 0).mean() > OUTSIDE:
                result[part][piece] = 0
    return result


def _pieces(mask: np.ndarray, reach: int) -> Iterator[tuple[tuple[slice, slice], Mask, Mask]]:
    """Yield each component's slices, its mask there, and its mask dilated by `reach`."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    for n in range(1, count):
        x, y, width, height = stats[n, : cv2.CC_STAT_AREA].tolist()
        rows = slice(max(0, y - reach), y + height + reach)
        part = rows, slice(max(0, x - reach), x + width + reach)
        piece = parts[part] == n
        yield part, piece, cv2.dilate(piece.astype(np.uint8), disc(reach)) > 0
