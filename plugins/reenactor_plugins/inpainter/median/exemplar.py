"""Fills a hole with patches of the same picture; takes about a second, for photos.

From coarse to fine, each patch of the hole is matched to the most similar known patch, and the
hole's pixels become the mean of the matches (Wexler et al., 2007). Texture channels as in Newson et
al. (2014) prevent smooth patches from winning.
"""

import cv2
import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from reenactor_plugins.inpainter.filling.box import around, reduced
from reenactor_plugins.inpainter.median.patch_field import RADIUS, PatchField

LEVEL_COST = 0.1
"""See `PatchField`. Tuned on street photos: with 0.02 the pavement climbs the walls, with 0.3
single objects repeat along a row."""

SMALLEST = 36
"""Shorter side of the coarsest scale in pixels."""

FADING = 1.3
"""Decay of confidence per pixel of distance from known pixels."""

LEAST = 1e-6
"""Minimum weight of a patch, so that a pixel with only poor matches is their mean, not black."""

Map = Float[np.ndarray, "h w"]


def fill_by_example(
    image: UInt8[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    *,
    seed: int = 0,
    side: int = 320,
) -> UInt8[np.ndarray, "H W 3"] | None:
    """Fill the hole of a picture.

    Matches are searched at a size of at most `side` pixels; finer detail is copied from the matched
    places. None if too little of the picture is known.
    """
    near = np.ptp(np.flatnonzero(hole.any(0))) + 1 if hole.any() else 0
    box = around(hole, (max(32.0, 0.3 * hole.shape[0]), max(64.0, 1.5 * float(near))))
    if box is None:
        return image.copy()
    part, gap = image[box].astype(np.float32) / 255, hole[box]
    found = _coarse_to_fine(part, gap, np.random.default_rng(seed), side)
    if found is None:
        return None
    filled = image.copy()
    fine = _with_detail(part, gap, *found)
    filled[box][gap] = np.clip(fine[gap] * 255 + 0.5, 0, 255).astype(np.uint8)
    return filled


def _coarse_to_fine(
    image: Float[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    random: np.random.Generator,
    side: int,
) -> tuple[Float[np.ndarray, "h w 3"], Map, Map] | None:
    """The filled picture at the finest matching scale, and its offsets (rows, columns)."""
    offsets: tuple[Map, Map] | None = None
    filled = None
    sizes = _sizes(hole, side)
    for number, size in enumerate(sizes):
        small, gap = reduced(image, hole, size)
        touched = _grown(gap)
        sources = ~touched
        sources[:RADIUS], sources[-RADIUS:] = False, False
        sources[:, :RADIUS], sources[:, -RADIUS:] = False, False
        if not sources.any():
            return None
        field = PatchField(touched, sources, LEVEL_COST, random)
        trust = _trust(gap)[field.row, field.column]
        if offsets is None:
            filled = rough(small, gap)
        else:
            field.adopt(*_carried(offsets, field, size))
            filled = field.vote(small, gap, trust)
        rounds = 8 if number == 0 else 2 if number == len(sizes) - 1 else 4
        for _ in range(rounds):
            _match(field, filled, number)
            spread = max(float(np.percentile(field.cost, 75)), 1e-4)
            likeness = np.maximum(np.exp(-field.cost / (2 * spread)), LEAST)
            weight = (likeness * trust).astype(np.float32)
            filled = field.vote(small, gap, weight)
        offsets = _offsets(field, size)
    return None if filled is None or offsets is None else (filled, *offsets)


def _sizes(hole: Bool[np.ndarray, "H W"], side: int) -> list[tuple[int, int]]:
    """Sizes from coarse to fine; at the coarsest the hole is a few pixels thick."""
    height, width = hole.shape
    scale = min(1.0, side / max(height, width))
    sizes = [(max(1, round(height * scale)), max(1, round(width * scale)))]
    while min(sizes[-1]) / 1.6 > SMALLEST:
        small = cv2.resize(hole.astype(np.float32), sizes[-1][::-1], interpolation=cv2.INTER_AREA)
        if _depth(small > 0.5).max() < RADIUS:
            break
        sizes.append((round(sizes[-1][0] / 1.6), round(sizes[-1][1] / 1.6)))
    return sizes[::-1]


def _match(field: PatchField, filled: Float[np.ndarray, "h w 3"], number: int) -> None:
    """Improve matches: globally at the coarsest scale, locally at the finer ones."""
    features = _features(filled)
    if number == 0:
        reach = max(field.height, field.width) // 2
        reaches = [reach >> power for power in range(8) if reach >> power]
        field.improve(features, (8, 4, 2, 1), reaches, jumps=6)
    else:
        field.improve(features, (4, 1), (6, 1), jumps=2 if number == 1 else 0)


def _features(image: Float[np.ndarray, "h w 3"]) -> Float[np.ndarray, "h w 5"]:
    """Colours, and local texture along x and y."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    slope = [np.abs(cv2.Sobel(grey, cv2.CV_32F, *axis)) for axis in ((1, 0), (0, 1))]
    return np.dstack([image, 0.5 * cv2.blur(np.dstack(slope), (5, 5))])


def _grown(hole: Bool[np.ndarray, "h w"]) -> Bool[np.ndarray, "h w"]:
    """The centres of all patches that touch the hole."""
    patch = np.ones((2 * RADIUS + 1, 2 * RADIUS + 1), np.uint8)
    return cv2.dilate(hole.astype(np.uint8), patch) > 0


def _depth(hole: Bool[np.ndarray, "h w"]) -> Map:
    """Distance to known pixels; those outside the picture count as known."""
    padded = np.pad(hole, 1).astype(np.uint8)
    return cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]


def _trust(hole: Bool[np.ndarray, "h w"]) -> Map:
    return FADING ** -_depth(hole)


def _offsets(field: PatchField, size: tuple[int, int]) -> tuple[Map, Map]:
    """The matches as two maps of offsets, 0 outside the hole."""
    rows, columns = np.zeros(size, np.float32), np.zeros(size, np.float32)
    rows[field.row, field.column] = field.y - field.row
    columns[field.row, field.column] = field.x - field.column
    return rows, columns


def _carried(
    offsets: tuple[Map, Map], field: PatchField, size: tuple[int, int]
) -> tuple[Int[np.ndarray, " N"], Int[np.ndarray, " N"]]:
    """Upsample a coarser scale's offsets to the patches of this one."""
    height, width = offsets[0].shape
    y = field.row * height // size[0]
    x = field.column * width // size[1]
    dy, dx = offsets[0][y, x] * (size[0] / height), offsets[1][y, x] * (size[1] / width)
    return np.round(dy).astype(int), np.round(dx).astype(int)


def _with_detail(
    image: Float[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    filled: Float[np.ndarray, "h w 3"],
    rows: Map,
    columns: Map,
) -> Float[np.ndarray, "H W 3"]:
    """Enlarge the filled picture, with detail from the places it was copied from."""
    height, width = hole.shape
    full = (width, height)
    small = filled.shape[:2]
    if small == hole.shape:
        return filled
    base = cv2.resize(filled, full, interpolation=cv2.INTER_CUBIC)
    lowpass = cv2.resize(reduced(image, hole, small)[0], full, interpolation=cv2.INTER_CUBIC)
    y, x = np.nonzero(hole)
    at = y * small[0] // height, x * small[1] // width
    from_y = np.round(y + rows[at] * (height / small[0])).astype(int).clip(0, height - 1)
    from_x = np.round(x + columns[at] * (width / small[1])).astype(int).clip(0, width - 1)
    detail = (image - lowpass)[from_y, from_x]
    base[y, x] += np.where(hole[from_y, from_x, None], 0, detail)
    return base


def rough(
    image: Float[np.ndarray, "h w 3"], hole: Bool[np.ndarray, "h w"]
) -> Float[np.ndarray, "h w 3"]:
    """An initial guess: known pixels spread by growing averages, six times wider along rows."""
    known = (~hole).astype(np.float32)
    weighted = image * known[..., None]
    filled, missing, sigma = image.copy(), hole.copy(), 1.0
    while missing.any():
        share, value = (
            cv2.GaussianBlur(
                part,
                (0, 0),
                sigmaX=sigma,
                sigmaY=max(0.6, sigma / 6),
                borderType=cv2.BORDER_CONSTANT,
            )
            for part in (known, weighted)
        )
        last = sigma > 4 * max(hole.shape)
        found = missing & (share > (0.0 if last else 0.02))
        filled[found] = value[found] / share[found][:, None]
        missing &= ~found
        if last:
            break
        sigma *= 1.5
    return filled
