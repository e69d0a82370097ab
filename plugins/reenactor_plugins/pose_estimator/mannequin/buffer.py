"""A depth buffer that keeps, for each pixel, the nearest surface's part, U and V."""

from dataclasses import dataclass
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

Grid = Float[np.ndarray, "h w"]


@dataclass(frozen=True)
class SurfacePatch:
    """A piece of surface over a rectangle of pixels."""

    area: tuple[slice, slice]
    inside: Bool[np.ndarray, "h w"]
    depth: Grid
    part: Int[np.ndarray, "h w"]
    u: Grid
    v: Grid


@final
class DepthBuffer:
    """Part (0 is background), U and V of the nearest surface, and how near it is."""

    def __init__(self, height: int, width: int) -> None:
        self.part = np.zeros((height, width), np.uint8)
        self.uv = np.zeros((2, height, width), np.float32)
        self.depth = np.full((height, width), np.inf, np.float32)

    def add(self, surface: SurfacePatch) -> None:
        """Keep of a surface what is nearer than everything so far."""
        area = surface.area
        nearer = surface.inside & (surface.depth < self.depth[area])
        np.copyto(self.depth[area], surface.depth, where=nearer, casting="same_kind")
        np.copyto(self.part[area], surface.part, where=nearer, casting="unsafe")
        for channel, value in zip(self.uv, (surface.u, surface.v), strict=True):
            np.copyto(channel[area], value.clip(0, 1), where=nearer, casting="same_kind")

    def pixels(
        self, low: Float[np.ndarray, " 2"], high: Float[np.ndarray, " 2"]
    ) -> tuple[tuple[slice, slice], Grid, Grid] | None:
        """The rectangle between two corners (x, y), cut at the picture's edge, with its x and y."""
        height, width = self.part.shape
        x0, y0 = np.maximum(np.floor(low), 0).astype(int)
        x1, y1 = np.minimum(np.ceil(high) + 1, [width, height]).astype(int)
        if x0 >= x1 or y0 >= y1:
            return None
        y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        return (slice(y0, y1), slice(x0, x1)), x, y
