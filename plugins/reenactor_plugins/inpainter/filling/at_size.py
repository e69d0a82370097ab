"""Fill a hole with a network that sees it and its surroundings at a bounded size."""

from collections.abc import Callable

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from reenactor_plugins.inpainter.filling.box import around, reduced

NEAR = 16.0
"""Pixels around a hole that are seen in any case."""

MakeUp = Callable[
    [Float32[np.ndarray, "h w 3"], Bool[np.ndarray, "h w"]], Float32[np.ndarray, "h w 3"]
]
"""Gives a whole picture, 0..255, of one with a hole; what is in the hole means nothing."""


def fill_at_size(
    picture: UInt8[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    make_up: MakeUp,
    *,
    side: int,
    context: float,
) -> None:
    """Fill a picture's hole in place; no other pixel changes.

    Args:
        picture: RGB.
        hole: True where nothing is known.
        make_up: the network.
        side: what it sees is at most so many pixels long; a larger hole is filled at this size
            and enlarged.
        context: how much around the hole it sees, in longer sides of the hole.
    """
    tight = around(hole, 0.0)
    if tight is None:
        return
    longer = max(int(edge.stop - edge.start) for edge in tight)
    box = around(hole, max(NEAR, context * longer)) or tight
    part, gap = picture[box], np.ascontiguousarray(hole[box])
    height, width = gap.shape
    scale = min(1.0, side / max(height, width))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    made = make_up(*reduced(part, gap, size))
    if size != (height, width):
        made = cv2.resize(made, (width, height), interpolation=cv2.INTER_CUBIC)
    part[gap] = np.clip(made[gap] + 0.5, 0, 255).astype(np.uint8)
