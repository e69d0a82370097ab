"""Seamlessly blends a picture into a hole.

Around the hole the two pictures differ by shadow, exposure or white balance. This difference is
interpolated smoothly across the hole and added, as in Poisson cloning (Pérez et al., 2003), but
with a pyramid on a coarse grid instead of a linear system, since the interpolated difference is
smooth.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor_plugins.inpainter.filling.box import around

STEP = 4
"""Spacing of the samples of the difference, in pixels."""

RING = 3
"""Width of the ring around the hole, in samples."""

CLOSE = 24
"""Two pictures of one object differ by less than this (of 255) after matching their lighting."""

LARGEST = 80
"""A difference above this (of 255) is not due to lighting and is not interpolated."""


@dataclass(frozen=True)
class Seam:
    """How well a picture matches its surroundings.

    `alike` is the share of the ring with a small difference after subtracting its median; 1 if
    there is no ring.
    """

    alike: float
    lighting: Float[np.ndarray, "h w 3"]


def compare(
    below: UInt8[np.ndarray, "H W 3"],
    laid: UInt8[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    usable: Bool[np.ndarray, "H W"] | None = None,
) -> Seam:
    """Measure the difference around the hole and interpolate it, on a grid of every 4th pixel.

    Args:
        below: the picture with the hole.
        laid: the picture to blend in.
        hole: where to blend it.
        usable: where `laid` is used to measure similarity; lighting is matched everywhere.
    """
    gap = hole[::STEP, ::STEP]
    patch = np.ones((2 * RING + 1, 2 * RING + 1), np.uint8)
    # a sample next to the hole may contain half a pixel of it
    near, beside = (cv2.dilate(gap.astype(np.uint8), p) > 0 for p in (patch, np.ones((3, 3))))
    ring = near & ~beside & ~gap
    off = below[::STEP, ::STEP].astype(np.float32) - laid[::STEP, ::STEP]
    if not ring.any():
        return Seam(1.0, np.zeros_like(off))
    middle = np.median(off[ring], axis=0)
    off_middle = largest(np.abs(off - middle))
    told = ring if usable is None else ring & usable[::STEP, ::STEP]
    alike = float((off_middle[told] < CLOSE).mean()) if told.any() else 1.0
    trusted = ring & (off_middle < LARGEST)
    if not trusted.any():
        return Seam(alike, np.broadcast_to(middle, off.shape).astype(np.float32))
    return Seam(alike, carried(np.where(trusted[..., None], off, 0), trusted))


def carried(
    value: Float[np.ndarray, "h w C"], known: Bool[np.ndarray, "h w"]
) -> Float[np.ndarray, "h w C"]:
    """Fill gaps smoothly, by a push-pull pyramid of weighted averages."""
    share = known.astype(np.float32)
    levels = [(value * share[..., None], share)]
    while min(levels[-1][1].shape) > 1 and levels[-1][1].min() < 0.999:
        total, share = levels[-1]
        levels.append((np.asarray(cv2.pyrDown(total)), np.asarray(cv2.pyrDown(share))))
    total, share = levels[-1]
    smooth = total / np.maximum(share, 1e-6)[..., None]
    for total, share in levels[-2::-1]:
        coarse = cv2.pyrUp(smooth, dstsize=share.shape[::-1])
        trust = np.minimum(1, 2 * share)[..., None]
        here = total / np.maximum(share, 1e-6)[..., None]
        smooth = coarse * (1 - trust) + here * trust
    return smooth


def largest(values: Float[np.ndarray, "h w 3"]) -> Float[np.ndarray, "h w"]:
    """The largest of three channels; numpy's own is ten times slower."""
    return np.asarray(np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2]))


def lay(
    below: UInt8[np.ndarray, "H W 3"],
    laid: UInt8[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    lighting: Float[np.ndarray, "h w 3"],
) -> None:
    """Write `laid`, with the lighting from `compare`, into the hole of `below`."""
    light = cv2.resize(lighting, hole.shape[::-1], interpolation=cv2.INTER_LINEAR)
    lit = cv2.add(laid, light, dtype=cv2.CV_8U)
    cv2.copyTo(lit, hole.view(np.uint8), below)


def surroundings(
    hole: Bool[np.ndarray, "H W"], margin: float = 0.0
) -> tuple[slice, slice] | None:
    """The part of a picture that `compare` needs to see, and a margin in heights of the hole."""
    box = around(hole, float(STEP * (RING + 2)))
    if box is None or margin == 0:
        return box
    return around(hole, max(STEP * (RING + 2), margin * (box[0].stop - box[0].start)))
