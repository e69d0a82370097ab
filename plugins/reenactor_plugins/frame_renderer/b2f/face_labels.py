"""Five face labels drawn from face points: brows, eyes, nose, lips, inner mouth (section 3.2)."""

import cv2
import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, UInt8
from torch import Tensor

from reenactor.joints import FACE_PARTS
from reenactor.labels import NUM_LABELS

FACE_LABELS = ("brows", "eyes", "nose", "lips", "inner-mouth")
NUM_CHANNELS = NUM_LABELS + len(FACE_LABELS)
"""Channels of B2F's label map: 22 + 5 mutually exclusive classes."""

SEEN = 0.1
"""A feature is drawn only if all its points have at least this confidence."""
BROW = 0.06
"""Thickness of a brow, relative to the distance between the outer corners of the eyes."""

BROWS = (FACE_PARTS["right_brow"], FACE_PARTS["left_brow"])
EYES = (FACE_PARTS["right_eye"], FACE_PARTS["left_eye"])
NOSE = (27, 31, 32, 33, 34, 35)
"""The top of the bridge and the base: a triangle with a curved base."""
LIPS = FACE_PARTS["outer_lips"]
MOUTH = FACE_PARTS["inner_lips"]
EYE_CORNERS = (36, 45)


def with_face_labels(
    labels: UInt8[Tensor, "T H W"], face: Float[Tensor, "T 70 3"]
) -> UInt8[Tensor, "T H W"]:
    """Draw the five labels (22 .. 26) over parsings. The paper draws those of the driver."""
    drawn = labels.numpy().copy()
    for picture, points in zip(drawn, face.float().numpy(), strict=True):
        for number, feature in enumerate(features(points, picture.shape)):
            picture[feature] = NUM_LABELS + number
    return torch.from_numpy(drawn)


def features(
    points: Float32[np.ndarray, "70 3"], size: tuple[int, int]
) -> list[Bool[np.ndarray, "H W"]]:
    """Masks of `FACE_LABELS`; the inner mouth comes last, over the lips."""
    return [
        _lines(points, size, BROWS, _brow_width(points)),
        _areas(points, size, EYES),
        _areas(points, size, (NOSE,)),
        _areas(points, size, (LIPS,)),
        _areas(points, size, (MOUTH,)),
    ]


def _areas(
    points: np.ndarray, size: tuple[int, int], outlines: tuple[tuple[int, ...], ...]
) -> np.ndarray:
    canvas = np.zeros(size, np.uint8)
    for outline in outlines:
        if _seen(points, outline):
            cv2.fillPoly(canvas, [_fixed(points, outline)], (1,), shift=4)
    return canvas > 0


def _lines(
    points: np.ndarray, size: tuple[int, int], lines: tuple[tuple[int, ...], ...], thick: int
) -> np.ndarray:
    canvas = np.zeros(size, np.uint8)
    for line in lines:
        if _seen(points, line):
            cv2.polylines(canvas, [_fixed(points, line)], False, (1,), thickness=thick, shift=4)
    return canvas > 0


def _brow_width(points: np.ndarray) -> int:
    if not _seen(points, EYE_CORNERS):
        return 1
    left, right = points[list(EYE_CORNERS), :2]
    return max(1, round(BROW * float(np.hypot(*(right - left)))))


def _seen(points: np.ndarray, which: tuple[int, ...]) -> bool:
    chosen = points[list(which)]
    return bool(np.isfinite(chosen).all() and (chosen[:, 2] >= SEEN).all())


def _fixed(points: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
    """Points with 4 fractional bits, as cv2 draws them."""
    fixed: np.ndarray = np.clip(points[list(which), :2] * 16, -(2**20), 2**20).round()
    return fixed.astype(np.int32)
