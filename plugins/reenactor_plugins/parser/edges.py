"""Upsamples class probabilities to labels whose borders follow the photo's edges."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from reenactor.ops.guided_filter import Coefficients, GuidedFilter

SMOOTHNESS = 3e-4
"""The guided filter's epsilon: contrasts above about 2 % of white count as edges."""
STRIPE = 1 << 21
"""Pixels of the full picture processed at a time; limits memory, does not affect the result."""


@dataclass(frozen=True)
class ClassScores:
    """Class probabilities of a parser on its own grid.

    `classes` are the scores of the person's classes (channel 0 is ignored); `person` is the
    probability of the person. A pixel is background if `person`, after filtering, is not above
    `threshold`.
    """

    classes: Float32[np.ndarray, "C h w"]
    person: Float32[np.ndarray, "h w"]
    threshold: float = 0.5


def labels_of(
    scores: ClassScores,
    small: UInt8[np.ndarray, "h w 3"],
    full: UInt8[np.ndarray, "H W 3"],
    factor: int,
    radius: int,
) -> UInt8[np.ndarray, "H W"]:
    """Compute the class of each pixel of a picture.

    Args:
        scores: scores on the grid of `small`.
        small: the picture at the size of the scores.
        full: the picture at the size of the result.
        factor: pixels of `full` per pixel of `small`, along x and y.
        radius: radius of the guided filter in pixels of `small`; 0 only enlarges the scores.
    """
    present = _winners(scores)
    fit = _fitter(small, radius)
    person = fit(scores.person)
    classes = [fit(scores.classes[c]) for c in present]
    labels = np.zeros(full.shape[:2], np.uint8)
    if not present:
        return labels
    rows = max(1, STRIPE // full.shape[1])
    for top in range(0, full.shape[0], rows):
        stripe = full[top : top + rows]
        guide = stripe.astype(np.float32) / 255
        matrix = _grid(factor, top)
        best = np.full(stripe.shape[:2], -np.inf, np.float32)
        label = labels[top : top + rows]
        for c, fitted in zip(present, classes, strict=True):
            value = fitted.resampled(matrix, stripe.shape[:2])(guide)
            better = value > best
            label[better] = c
            best[better] = value[better]
        label[person.resampled(matrix, stripe.shape[:2])(guide) <= scores.threshold] = 0
    return labels


def shrunk(picture: UInt8[np.ndarray, "H W 3"], factor: int) -> UInt8[np.ndarray, "h w 3"]:
    """Average blocks of factor x factor pixels; the edge is padded by repetition."""
    if factor == 1:
        return picture
    height, width = picture.shape[:2]
    down, right = -height % factor, -width % factor
    padded = cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_REPLICATE)
    size = padded.shape[1] // factor, padded.shape[0] // factor
    return cv2.resize(padded, size, interpolation=cv2.INTER_AREA)


def _winners(scores: ClassScores) -> list[int]:
    """The classes that win in at least one pixel of a person."""
    best = scores.classes[1:].argmax(0) + 1
    return np.unique(best[scores.person > scores.threshold / 2]).tolist()  # type: ignore[no-any-return]


def _fitter(small: np.ndarray, radius: int) -> Callable[[np.ndarray], Coefficients]:
    if radius > 0:
        return GuidedFilter(small.astype(np.float32) / 255, radius, SMOOTHNESS).coefficients
    flat = np.zeros(small.shape, np.float32)
    return lambda values: Coefficients(flat, values)


def _grid(factor: int, top: int) -> np.ndarray:
    """Map pixels of a stripe to those of the small picture; pixel centres at integers."""
    shift = (0.5 / factor) - 0.5
    return np.array([[1 / factor, 0, shift], [0, 1 / factor, top / factor + shift]])
