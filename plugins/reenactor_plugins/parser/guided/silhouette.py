"""Segments the person from bones and colours with GrabCut (Rother et al. 2004).

GrabCut needs an initial map of certain, probable and impossible foreground. It comes from the
bones: within the minimum thickness of limbs, within that of clothes, and beyond.
"""

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from reenactor_plugins.parser.guided.body_geometry import (
    ARMS,
    LEGS,
    BodyGeometry,
    J,
    distance_to,
    filled,
)

ROUNDS = 3
LEAST = 50
"""Minimum number of pixels on either side to fit colour models."""
INNER, OUTER = 0.2, 1.0
"""Thickness of certain and probable foreground, as shares of a limb's usual half width."""
FAR = 2.0
"""Beyond this share of the half width everything is background."""
ARM, LEG, FOOT, TRUNK = 0.13, 0.16, 0.11, 0.22
"""Usual half widths in trunk lengths."""


def silhouette(
    picture: UInt8[np.ndarray, "H W 3"], figure: BodyGeometry, seed: int
) -> Float32[np.ndarray, "H W"]:
    """1 on the person, 0 elsewhere; the border follows colours."""
    depth = depth_of(figure, picture.shape[:2])
    guess = np.full(picture.shape[:2], cv2.GC_BGD, np.uint8)
    guess[depth < FAR] = cv2.GC_PR_BGD
    guess[depth < OUTER] = cv2.GC_PR_FGD
    guess[depth < INNER] = cv2.GC_FGD
    inner = int(((guess == cv2.GC_FGD) | (guess == cv2.GC_PR_FGD)).sum())
    if min(inner, guess.size - inner) < LEAST:
        within: np.ndarray = depth < 1
        return within.astype(np.float32)
    # GrabCut starts from k-means, which uses OpenCV's own random number generator.
    cv2.setRNGSeed(seed)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture, guess, (0, 0, 1, 1), *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
    person: np.ndarray = (guess == cv2.GC_FGD) | (guess == cv2.GC_PR_FGD)
    return person.astype(np.float32)


def depth_of(figure: BodyGeometry, size: tuple[int, int]) -> Float32[np.ndarray, "H W"]:
    """Distance from the bones relative to the usual half width: 1 at the outline."""
    unit = figure.unit
    parts = []
    for side in range(2):
        parts.append(distance_to(figure.chain(ARMS[side]) + figure.hand(side), size) / (ARM * unit))
        parts.append(distance_to(figure.chain(LEGS[side]), size) / (LEG * unit))
        parts.append(distance_to(figure.foot(side), size) / (FOOT * unit))
    spine = figure.chain((J.NECK, J.MID_HIP)) + figure.chain((J.NECK, J.NOSE))
    parts.append(distance_to(spine, size) / (TRUNK * unit))
    if figure.trunk is not None:
        inside = filled(figure.trunk, size)
        outside = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
        parts.append(np.where(inside, INNER * 0.9, INNER + outside / (0.16 * unit)))
    if figure.head is not None:
        side_, below = figure.head.coordinates(size)
        parts.append(np.hypot(side_, below + 0.1) * 0.75)
    depth: Float32[np.ndarray, "H W"] = np.minimum.reduce(parts).astype(np.float32)
    return depth
