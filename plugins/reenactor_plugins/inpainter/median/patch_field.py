"""Finds the most similar known patch for each patch that touches a hole.

The search is PatchMatch (Barnes et al., 2009): good matches are propagated to neighbours and then
perturbed at random. All patches are processed at once with numpy.
"""

from collections.abc import Iterable
from typing import final

import numpy as np
from jaxtyping import Bool, Float, Int

RADIUS = 3
"""Patches are 7x7 pixels."""

AREA = (2 * RADIUS + 1) ** 2

Offsets = tuple[Int[np.ndarray, " N"], Int[np.ndarray, " N"]]


@final
class PatchField:
    """The matches of one scale: `y` and `x` are the matched centres of the N patches.

    `level_cost` is the cost of a vertical offset of one picture height, in squared colour
    differences per channel, since scenes are most similar along rows.
    """

    def __init__(
        self,
        touched: Bool[np.ndarray, "H W"],
        sources: Bool[np.ndarray, "H W"],
        level_cost: float,
        random: np.random.Generator,
    ) -> None:
        self.height, self.width = touched.shape
        self.row, self.column = np.nonzero(touched)
        self.slot = np.full(touched.shape, -1)
        self.slot[self.row, self.column] = np.arange(self.row.size)
        self.sources = sources.ravel()
        self.choices = np.flatnonzero(self.sources)
        self.level_cost = level_cost
        self.random = random
        self.y, self.x = self._anywhere()
        self.cost = np.full(self.row.size, np.inf, np.float32)

    def adopt(self, dy: Int[np.ndarray, " N"], dx: Int[np.ndarray, " N"]) -> None:
        """Start from these offsets where they point to a known patch."""
        y = np.clip(self.row + dy, 0, self.height - 1)
        x = np.clip(self.column + dx, 0, self.width - 1)
        fits = self.sources[y * self.width + x]
        self.y, self.x = np.where(fits, y, self.y), np.where(fits, x, self.x)

    def improve(
        self,
        features: Float[np.ndarray, "H W C"],
        steps: Iterable[int],
        reaches: Iterable[int],
        jumps: int = 0,
    ) -> None:
        """Search for better matches in the current picture.

        Args:
            features: features by which patches are compared.
            steps: distances of the neighbours whose matches are tried, in order.
            reaches: radii around the current match for random candidates, in order.
            jumps: number of random candidates from the whole picture.
        """
        patches = _patches(features)
        wanted = patches[self.row * self.width + self.column]

        def price(y: Int[np.ndarray, " N"], x: Int[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
            off = patches[y * self.width + x] - wanted
            drift = np.abs(y - self.row).astype(np.float32) / self.height
            return np.asarray(np.einsum("ij,ij->i", off, off) + 3 * AREA * self.level_cost * drift)

        self.cost = price(self.y, self.x)
        for y, x in self._candidates(steps, reaches, jumps):
            inside = (y >= 0) & (y < self.height) & (x >= 0) & (x < self.width)
            fits = inside & self.sources[np.where(inside, y * self.width + x, 0)]
            y, x = np.where(fits, y, self.y), np.where(fits, x, self.x)
            cost = price(y, x)
            better = cost < self.cost
            self.y, self.x = np.where(better, y, self.y), np.where(better, x, self.x)
            self.cost = np.where(better, cost, self.cost)

    def _candidates(
        self, steps: Iterable[int], reaches: Iterable[int], jumps: int
    ) -> Iterable[Offsets]:
        for step in steps:
            for dy, dx in ((0, step), (0, -step), (step, 0), (-step, 0)):
                slot = self._slots(self.row + dy, self.column + dx)
                yield (
                    np.where(slot >= 0, self.y[slot] - dy, self.y),
                    np.where(slot >= 0, self.x[slot] - dx, self.x),
                )
        for _ in range(jumps):
            yield self._anywhere()
        for reach in reaches:
            yield self.y + self._about(reach), self.x + self._about(reach)

    def _slots(self, y: Int[np.ndarray, " N"], x: Int[np.ndarray, " N"]) -> Int[np.ndarray, " N"]:
        """Index of the patch centred there; -1 if none."""
        inside = (y >= 0) & (y < self.height) & (x >= 0) & (x < self.width)
        slot = self.slot[np.clip(y, 0, self.height - 1), np.clip(x, 0, self.width - 1)]
        return np.where(inside, slot, -1)

    def _anywhere(self) -> Offsets:
        choice = self.choices[self.random.integers(0, self.choices.size, self.row.size)]
        return choice // self.width, choice % self.width

    def _about(self, reach: int) -> Int[np.ndarray, " N"]:
        return self.random.integers(-reach, reach + 1, self.row.size)

    def vote(
        self,
        image: Float[np.ndarray, "H W 3"],
        hole: Bool[np.ndarray, "H W"],
        weight: Float[np.ndarray, " N"],
    ) -> Float[np.ndarray, "H W 3"]:
        """Fill the hole: each pixel is the weighted mean of what its patches copy there."""
        row, column = np.nonzero(hole)
        total = np.zeros((row.size, 3), np.float32)
        share = np.zeros((row.size, 1), np.float32)
        colours = image.reshape(-1, 3)
        for dy in range(-RADIUS, RADIUS + 1):
            for dx in range(-RADIUS, RADIUS + 1):
                slot = self._slots(row + dy, column + dx)
                part = np.where(slot >= 0, weight[slot], 0)[:, None]
                total += colours[(self.y[slot] - dy) * self.width + self.x[slot] - dx] * part
                share += part
        filled = image.copy()
        filled[row, column] = total / np.maximum(share, 1e-35)
        return filled


def _patches(features: Float[np.ndarray, "H W C"]) -> Float[np.ndarray, "P D"]:
    """All patches as rows, one per pixel; the picture is reflected at its edges."""
    reach = (RADIUS, RADIUS)
    padded = np.pad(features, (reach, reach, (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (2 * RADIUS + 1, 2 * RADIUS + 1), axis=(0, 1)
    )
    return np.ascontiguousarray(windows).reshape(features.shape[0] * features.shape[1], -1)
