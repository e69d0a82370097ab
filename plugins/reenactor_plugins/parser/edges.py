"""From coarse class probabilities to labels whose borders follow the photo's edges."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from reenactor.ops.guided_filter import Coefficients, GuidedFilter

SMOOTHNESS = 3e-4
"""The guided filter's epsilon: contrasts above about 2 % of white count as edges."""
STRIPE = 1 << 21
"""Pixels of the full picture that are decided at a time: bounds memory, not the result."""


@dataclass(frozen=True)
class ClassScores:
    """What a parser believes on a grid of its own.

    `classes` compares the classes of a person (channel 0 is not looked at); `person` is the
    probability of the person. A pixel is background where `person`, after filtering, is not
    above `threshold`.
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
    """Decide the class of each pixel of a picture.

    Args:
        scores: on the grid of `small`.
        small: the picture at the size at which the scores were found.
        full: the same picture, at the size of the result.
        factor: how many pixels of `full`, along x and along y, one pixel of `small` stands for.
        radius: of the guided filter in pixels of `small`; 0 only enlarges the scores.
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
    """The picture with each factor x factor pixels averaged; its edge is repeated to fill up."""
    if factor == 1:
        return picture
    height, width = picture.shape[:2]
    down, right = -height % factor, -width % factor
    padded = cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_REPLICATE)
    size = padded.shape[1] // factor, padded.shape[0] // factor
    return cv2.resize(padded, size, interpolation=cv2.INTER_AREA)


def _winners(scores: ClassScores) -> list[int]:
    """The classes that are the most probable one somewhere on a person."""
    best = scores.classes[1:].argmax(0) + 1
    return np.unique(best[scores.person > scores.threshold / 2]).tolist()  # type: ignore[no-any-return]


def _fitter(small: np.ndarray, radius: int) -> Callable[[np.ndarray], Coefficients]:
    if radius > 0:
        return GuidedFilter(small.astype(np.float32) / 255, radius, SMOOTHNESS).coefficients
    flat = np.zeros(small.shape, np.float32)
    return lambda values: Coefficients(flat, values)


def _grid(factor: int, top: int) -> np.ndarray:
    """From pixels of a stripe to those of the small picture; pixel centres at whole numbers."""
    shift = (0.5 / factor) - 0.5
    return np.array([[1 / factor, 0, shift], [0, 1 / factor, top / factor + shift]])
