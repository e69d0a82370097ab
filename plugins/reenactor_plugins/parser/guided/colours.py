"""Colour models: smoothed histograms in CIE Lab."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Int64, UInt8

LIGHT, HUE = 20, 24
"""Bins along L, and along a and b."""
LIGHT_STEP, HUE_STEP = 5.0, 5.0
"""Width of the bins in units of Lab."""
FLOOR = 0.02
"""Uniform share of every model, since models from few pixels are uncertain."""


@dataclass(frozen=True)
class ColourBins:
    """A picture with its colours quantised to bins."""

    index: Int64[np.ndarray, "H W"]

    @classmethod
    def of(cls, picture: UInt8[np.ndarray, "H W 3"]) -> "ColourBins":
        lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        light = np.clip(lab[..., 0] / LIGHT_STEP, 0, LIGHT - 1).astype(np.int64)
        a, b = (
            np.clip(lab[..., i] / HUE_STEP + HUE / 2, 0, HUE - 1).astype(np.int64) for i in (1, 2)
        )
        return cls((light * HUE + a) * HUE + b)

    def model(self, where: Bool[np.ndarray, "H W"], shades: int = 2) -> "ColourModel | None":
        """Fit a colour model to some pixels; None if there are too few.

        Args:
            where: the pixels.
            shades: steps of lightness by which the model is widened to allow for other
                lighting. Skin needs more, because its model comes from the face.
        """
        found = self.index[where]
        if found.size < 12:
            return None
        counts = np.bincount(found, minlength=LIGHT * HUE * HUE).astype(np.float64)
        counts = counts.reshape(LIGHT, HUE, HUE)
        for axis, rounds in ((0, shades), (1, 1), (2, 1)):
            for _ in range(rounds):
                counts = _blurred(counts, axis)
        density = (1 - FLOOR) * counts / counts.sum() + FLOOR / counts.size
        return ColourModel(density.ravel().astype(np.float32))

    def likelihood(self, colours: "ColourModel") -> Float32[np.ndarray, "H W"]:
        """The likelihood of each pixel's colour under a model."""
        result: Float32[np.ndarray, "H W"] = colours.density[self.index]
        return result


@dataclass(frozen=True)
class ColourModel:
    """A distribution over the bins."""

    density: Float32[np.ndarray, " B"]

    def overlap(self, other: "ColourModel") -> float:
        """Histogram overlap of two models, in [0, 1]."""
        return float(np.minimum(self.density, other.density).sum())


def typical(canvas: ColourBins, where: Bool[np.ndarray, "H W"], share: float) -> np.ndarray:
    """The given share of a region's pixels with its most frequent colours: bool `(H, W)`.

    This excludes glasses and hair on a face, or a necklace on a coat.
    """
    model = canvas.model(where)
    if model is None:
        return where
    likelihood = canvas.likelihood(model)
    least = np.quantile(likelihood[where], 1 - share)
    result: np.ndarray = where & (likelihood >= least)
    return result


def _blurred(counts: np.ndarray, axis: int) -> np.ndarray:
    """Binomial smoothing along one axis that preserves the sum."""
    padded = np.concatenate([counts.take([0], axis), counts, counts.take([-1], axis)], axis)
    n = counts.shape[axis]
    low, middle, high = (padded.take(range(s, s + n), axis) for s in range(3))
    result: np.ndarray = 0.25 * low + 0.5 * middle + 0.25 * high
    return result
