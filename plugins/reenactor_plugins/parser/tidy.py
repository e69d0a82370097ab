"""Putting labels in order: one person, no specks, bags given to what they hang on."""

from collections.abc import Collection

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

Labels = UInt8[np.ndarray, "H W"]

GARMENTS = (5, 6, 7, 9, 12)
"""Upper clothes, dress, coat, pants, skirt: what a bag can become part of."""


def of_one_person(labels: Labels, bones: Bool[np.ndarray, "H W"]) -> Labels:
    """Only the connected parts of the silhouette that the person's bones run through."""
    count, parts = cv2.connectedComponents((labels > 0).astype(np.uint8))
    touched = np.zeros(count, bool)
    touched[np.unique(parts[bones])] = True
    touched[0] = False
    result: Labels = np.where(touched[parts], labels, 0).astype(np.uint8)
    return result


def without_specks(labels: Labels, least: int) -> Labels:
    """Connected pieces of one class below `least` pixels become what lies next to them.

    Holes of background are pieces too: a gap in a person below that size is closed.
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
    return _from_nearest(labels, speck > 0)


def without_class(labels: Labels, label: int, into: Collection[int], reach: int) -> Labels:
    """Each piece of a class becomes, as a whole, the class of `into` that it touches most.

    A piece that touches none within `reach` pixels becomes the nearest of them; where there is
    none at all, background.
    """
    count, parts = cv2.connectedComponents((labels == label).astype(np.uint8))
    if count == 1:
        return labels
    result = labels.copy()
    others = np.isin(labels, list(into))
    if not others.any():
        result[parts > 0] = 0
        return result
    nearest = _from_nearest(labels, ~others)
    ring = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    for part in range(1, count):
        piece = parts == part
        around = cv2.dilate(piece.astype(np.uint8), ring) > 0
        touching = labels[around & others]
        if touching.size == 0:
            touching = nearest[piece]
        result[piece] = np.bincount(touching).argmax()
    return result


def _from_nearest(labels: Labels, hole: Bool[np.ndarray, "H W"]) -> Labels:
    """The labels with every pixel of the hole taken from the nearest pixel outside it."""
    _, index = cv2.distanceTransformWithLabels(
        hole.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros(int(index.max()) + 1, np.uint8)
    table[index[~hole]] = labels[~hole]
    result: Labels = np.where(hole, table[index], labels)
    return result
