"""Appearance features for tracking, and shot detection, from colour histograms.

Histograms have soft bins in CIE Lab, with few bins for lightness, for robustness against shadows.
They are stored as square roots of shares, scaled to 0..255, so that the dot product of two is their
Bhattacharyya coefficient: 1 for equal colours, 0 for none in common.
"""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
from jaxtyping import Float, Float32, Num, UInt8

from reenactor.joints import Joint

BINS = (3, 5, 5)
"""Bins for L, a and b."""
COLOURS = BINS[0] * BINS[1] * BINS[2]
FINE = 4
"""Fine bins per bin, counted first."""
_LOW, _HIGH = np.array([25, 88, 88], np.uint8), np.array([230, 168, 168], np.uint8)

SEEN = 0.2
"""The minimum confidence of joints."""
FEWEST = 20
"""The minimum number of pixels for a histogram."""

_TRUNK = ((Joint.NECK, Joint.MID_HIP),)
_LEGS = (
    (Joint.L_HIP, Joint.L_KNEE),
    (Joint.L_KNEE, Joint.L_ANKLE),
    (Joint.R_HIP, Joint.R_KNEE),
    (Joint.R_KNEE, Joint.R_ANKLE),
)
# Bones, half the width of the strip along them in their length, and pixels along and across it.
# Strips are narrower than any body, so that no background is in them.
_REGIONS = ((_TRUNK, 0.12, 12, 5), (_LEGS, 0.06, 8, 3))
_ENDS = 0.1, 0.95
"""The sampled part of a bone, without the skin at the neck and the shoes."""

GRID = 1024
"""The approximate number of pixels sampled from a frame."""
MOVED = 25
"""The minimum change of a pixel (of 255)."""
CHANGED, ALIKE = 0.5, 0.85
"""At a cut, more than this share of pixels changes, and the colour similarity is below this
value."""

Picture = UInt8[np.ndarray, "H W 3"]
Appearance = Num[np.ndarray, "R C"]
"""Histograms of R regions; means of several have real values."""


def appearance_of(picture: Picture, body: Float32[np.ndarray, "25 3"]) -> UInt8[np.ndarray, "2 C"]:
    """Histograms of a person's trunk and legs; zeros if they are not visible."""
    return np.stack([_along(picture, body, *region) for region in _REGIONS])


def alike(one: Appearance, other: Appearance) -> float | None:
    """The similarity of two appearances, in [0, 1]; None if they have no region in common."""
    first, second = one.astype(np.float64), other.astype(np.float64)
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    known = lengths > 0
    if not known.any():
        return None
    return float(((first * second).sum(1)[known] / lengths[known]).mean())


def grid_of(picture: Picture) -> UInt8[np.ndarray, "N 3"]:
    """Sample the pixels of a frame on a grid."""
    step = max(1, int(np.sqrt(picture.shape[0] * picture.shape[1] / GRID)))
    return np.ascontiguousarray(picture[step // 2 :: step, step // 2 :: step].reshape(-1, 3))


def cuts_to(now: UInt8[np.ndarray, "N 3"], before: Sequence[UInt8[np.ndarray, "N 3"]]) -> bool:
    """Whether a frame begins a new shot, compared with the previous frames (a flash does not).

    Args:
        now: the `grid_of` the frame.
        before: those of the previous frames, newest last.
    """
    if not before or _same_pixels(now, before[-1]):
        return False
    colours = histogram(now)[None]
    return all(
        not _same_pixels(now, old) and (alike(colours, histogram(old)[None]) or 0.0) < ALIKE
        for old in reversed(before)
    )


def histogram(pixels: UInt8[np.ndarray, "N 3"]) -> UInt8[np.ndarray, " C"]:
    """The colour histogram of RGB pixels."""
    lab = cv2.cvtColor(pixels[None], cv2.COLOR_RGB2LAB).clip(_LOW, _HIGH)
    edges = [edge for low, high in zip(_LOW, _HIGH, strict=True) for edge in (low, high + 1)]
    fine = cv2.calcHist([lab], [0, 1, 2], None, [FINE * bins for bins in BINS], edges)
    lightness, *colour = (_shares(bins) for bins in BINS)
    counts = np.einsum("xyz,ax,by,cz->abc", fine, lightness, *colour, optimize=True)
    return np.asarray(np.sqrt(counts.ravel() / len(pixels)) * 255).round().astype(np.uint8)


@cache
def _shares(bins: int) -> Float32[np.ndarray, "bins fine"]:
    """Weights of fine bins in soft bins, by linear interpolation."""
    middle = (np.arange(FINE * bins) + 0.5) / (FINE * bins) * (bins - 1)
    share = np.maximum(1 - np.abs(middle - np.arange(bins)[:, None]), 0)
    return np.asarray(share, np.float32)


def _same_pixels(one: UInt8[np.ndarray, "N 3"], other: UInt8[np.ndarray, "N 3"]) -> bool:
    return bool((cv2.absdiff(one, other).max(1) > MOVED).mean() <= CHANGED)


def _along(
    picture: Picture,
    body: Float32[np.ndarray, "25 3"],
    bones: Sequence[tuple[Joint, Joint]],
    half: float,
    rows: int,
    columns: int,
) -> UInt8[np.ndarray, " C"]:
    """The histogram of strips along visible bones."""
    seen = [(a, b) for a, b in bones if min(body[a, 2], body[b, 2]) > SEEN]
    places = [_strip(body[a, :2], body[b, :2], half, rows, columns) for a, b in seen]
    at = np.round(np.concatenate([*places, np.zeros((0, 2))])).clip(-1, 2**30).astype(int)
    inside = ((at >= 0) & (at < [picture.shape[1], picture.shape[0]])).all(1)
    x, y = at[inside].T
    if len(x) < FEWEST:
        return np.zeros(COLOURS, np.uint8)
    return histogram(picture[y, x])


def _strip(
    start: npt.NDArray[np.float32],
    end: npt.NDArray[np.float32],
    half: float,
    rows: int,
    columns: int,
) -> Float[np.ndarray, "N 2"]:
    """Points of a grid along a bone."""
    bone = (end - start).astype(np.float64)
    across = np.array([-bone[1], bone[0]]) * half
    along = np.linspace(*_ENDS, rows)[:, None, None] * bone
    aside = np.linspace(-1, 1, columns)[None, :, None] * across
    return np.asarray((start + along + aside).reshape(-1, 2))
