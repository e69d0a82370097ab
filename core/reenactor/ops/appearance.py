"""What colours somebody wears, and where a video cuts: told by histograms of sampled pixels.

A histogram has soft bins in CIE Lab, few of lightness, so that a shadow changes it little. It is
kept as the square roots of its shares, scaled to 0..255: the scalar product of two such vectors
is their Bhattacharyya coefficient, 1 for equal colours and 0 for none in common.
"""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
from jaxtyping import Float, Float32, Num, UInt8

from reenactor.joints import Joint

BINS = (3, 5, 5)
"""Bins of lightness, of green to red and of blue to yellow."""
COLOURS = BINS[0] * BINS[1] * BINS[2]
FINE = 4
"""Fine bins, counted first, in each of those."""
_LOW, _HIGH = np.array([25, 88, 88], np.uint8), np.array([230, 168, 168], np.uint8)

SEEN = 0.2
"""A joint of less confidence is not asked for its colour."""
FEWEST = 20
"""Fewer pixels than this say nothing."""

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
"""The part of a bone that is looked at: neither the neck's skin nor the shoe."""

GRID = 1024
"""About so many pixels of a frame say what it looks like."""
MOVED = 25
"""A pixel that changes by more (of 255) shows something else."""
CHANGED, ALIKE = 0.5, 0.85
"""In a cut more than this share of the pixels changes, and the colours are less alike."""

Picture = UInt8[np.ndarray, "H W 3"]
Appearance = Num[np.ndarray, "R C"]
"""Bins of some regions; means of several looks are real numbers."""


def appearance_of(picture: Picture, body: Float32[np.ndarray, "25 3"]) -> UInt8[np.ndarray, "2 C"]:
    """The colours of somebody's trunk and legs; a row of zeros where they are not seen."""
    return np.stack([_along(picture, body, *region) for region in _REGIONS])


def alike(one: Appearance, other: Appearance) -> float | None:
    """How alike two looks are, in [0, 1]; None where they have no part in common."""
    first, second = one.astype(np.float64), other.astype(np.float64)
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    known = lengths > 0
    if not known.any():
        return None
    return float(((first * second).sum(1)[known] / lengths[known]).mean())


def grid_of(picture: Picture) -> UInt8[np.ndarray, "N 3"]:
    """Pixels of a frame at the points of a grid."""
    step = max(1, int(np.sqrt(picture.shape[0] * picture.shape[1] / GRID)))
    return np.ascontiguousarray(picture[step // 2 :: step, step // 2 :: step].reshape(-1, 3))


def cuts_to(now: UInt8[np.ndarray, "N 3"], before: Sequence[UInt8[np.ndarray, "N 3"]]) -> bool:
    """Whether a frame shows another scene than all of the frames before it (a flash does not).

    Args:
        now: the frame's `grid_of`.
        before: those of the last frames, the newest last.
    """
    if not before or _same_pixels(now, before[-1]):
        return False
    colours = histogram(now)[None]
    return all(
        not _same_pixels(now, old) and (alike(colours, histogram(old)[None]) or 0.0) < ALIKE
        for old in reversed(before)
    )


def histogram(pixels: UInt8[np.ndarray, "N 3"]) -> UInt8[np.ndarray, " C"]:
    """Colours of some RGB pixels."""
    lab = cv2.cvtColor(pixels[None], cv2.COLOR_RGB2LAB).clip(_LOW, _HIGH)
    edges = [edge for low, high in zip(_LOW, _HIGH, strict=True) for edge in (low, high + 1)]
    fine = cv2.calcHist([lab], [0, 1, 2], None, [FINE * bins for bins in BINS], edges)
    lightness, *colour = (_shares(bins) for bins in BINS)
    counts = np.einsum("xyz,ax,by,cz->abc", fine, lightness, *colour, optimize=True)
    return np.asarray(np.sqrt(counts.ravel() / len(pixels)) * 255).round().astype(np.uint8)


@cache
def _shares(bins: int) -> Float32[np.ndarray, "bins fine"]:
    """How much of each fine bin belongs to each soft one: all to the nearest two together."""
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
    """The colours in strips along those of the bones that are seen."""
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
