"""Registers two label maps: a displacement field between similar pixels.

Thirion's demons (Image matching as a diffusion process, 1998), on classes instead of grey values:
each pixel is moved along the gradients of the target classes until the warped classes agree. The
displacements are smoothed, so that areas between outlines move with them.
"""

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

LEVELS = (8, 4, 2)
"""Canvas pixels per pixel of each level, from coarse to fine."""
ITERATIONS = (20, 15, 10)
"""Iterations at each level."""
STIFFNESS = 1.5
"""Smoothing of a displacement, in pixels of the level."""
MARGIN = 16
"""Margin around both shapes in canvas pixels."""


def displacement(
    own: UInt8[np.ndarray, "H W"], wanted: UInt8[np.ndarray, "H W"]
) -> Float32[np.ndarray, "H W 2"]:
    """For each pixel, the offset (x, y) of its counterpart in `own`.

    0 is the background in both. The result is 0 where the maps agree.
    """
    out = np.zeros((*own.shape, 2), np.float32)
    ys, xs = np.nonzero((own > 0) | (wanted > 0))
    if not len(ys) or not own.any() or not wanted.any():
        return out
    box = _around(ys, own.shape[0]), _around(xs, own.shape[1])
    groups = np.union1d(own[box], wanted[box])
    first, second = _pyramid(own[box], groups), _pyramid(wanted[box], groups)
    moved: np.ndarray = np.zeros((1, 1, 2), np.float32)
    for level, rounds in zip(LEVELS, ITERATIONS, strict=True):
        size = first[level].shape[1::-1]
        moved = 2 * cv2.resize(moved, size).reshape(*size[::-1], 2)
        moved = _pushed(first[level], second[level], moved, rounds)
    height, width = own[box].shape
    whole = cv2.resize(moved, (moved.shape[1] * LEVELS[-1], moved.shape[0] * LEVELS[-1]))
    out[box] = whole[:height, :width] * np.float32(LEVELS[-1])
    return out


def _around(places: np.ndarray, length: int) -> slice:
    return slice(max(int(places.min()) - MARGIN, 0), min(int(places.max()) + MARGIN + 1, length))


def _pyramid(labels: np.ndarray, groups: np.ndarray) -> dict[int, np.ndarray]:
    """The slightly blurred share of each group in each pixel, by level."""
    rows, columns = (-length % LEVELS[0] for length in labels.shape)
    padded = np.pad(labels, ((0, rows), (0, columns)))
    maps = (padded[..., None] == groups).astype(np.float32)
    out = {}
    for level in range(1, LEVELS[0].bit_length()):
        maps = (maps[::2] + maps[1::2]) / 2
        maps = (maps[:, ::2] + maps[:, 1::2]) / 2
        out[2**level] = cv2.GaussianBlur(maps, (0, 0), 0.7).reshape(maps.shape)
    return out


def _pushed(own: np.ndarray, wanted: np.ndarray, moved: np.ndarray, rounds: int) -> np.ndarray:
    height, width = own.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    down, right = (np.ascontiguousarray(g) for g in np.gradient(wanted, axis=(0, 1)))
    steep = np.einsum("hwc,hwc->hw", down, down) + np.einsum("hwc,hwc->hw", right, right)
    fours = [np.ascontiguousarray(own[..., c : c + 4]) for c in range(0, own.shape[2], 4)]
    for _ in range(rounds):
        at = x + moved[..., 0], y + moved[..., 1]
        looked = [
            cv2.remap(four, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).reshape(
                height, width, -1
            )
            for four in fours
        ]
        gap = wanted - np.concatenate(looked, -1)
        weight = steep + np.einsum("hwc,hwc->hw", gap, gap) + np.float32(1e-3)
        push = np.stack([np.einsum("hwc,hwc->hw", gap, g) / weight for g in (right, down)], -1)
        moved = cv2.GaussianBlur(moved + push, (0, 0), STIFFNESS)
    return moved
