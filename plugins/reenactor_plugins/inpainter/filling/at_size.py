"""Fills a hole with a network at a limited resolution."""

from collections.abc import Callable

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from reenactor_plugins.inpainter.filling.box import around, reduced

NEAR = 16.0
"""Minimum context around a hole in pixels."""

MakeUp = Callable[
    [Float32[np.ndarray, "h w 3"], Bool[np.ndarray, "h w"]], Float32[np.ndarray, "h w 3"]
]
"""Maps a picture in 0..255 and its hole to a complete picture; pixels in the hole are ignored."""


def fill_at_size(
    picture: UInt8[np.ndarray, "H W 3"],
    hole: Bool[np.ndarray, "H W"],
    make_up: MakeUp,
    *,
    side: int,
    context: float,
) -> None:
    """Fill a picture's hole in place; other pixels are unchanged.

    Args:
        picture: RGB.
        hole: True in the hole.
        make_up: the network.
        side: maximum size of the network's input in pixels; larger holes are filled at this size
                and enlarged.
        context: context around the hole, in longer sides of the hole.
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
