"""What colours something has: smoothed histograms in CIE Lab."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Int64, UInt8

LIGHT, HUE = 20, 24
"""Bins along L, and along a and b."""
LIGHT_STEP, HUE_STEP = 5.0, 5.0
"""Width of the bins in units of Lab."""
FLOOR = 0.02
"""Share of every model that any colour might be: models learnt from a few pixels are not sure."""


@dataclass(frozen=True)
class ColourBins:
    """A picture's colours as bins."""

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
        """Learn the colours of some pixels; None where there are too few.

        Args:
            where: the pixels.
            shades: how many steps of light further the model reaches: the same thing lit
                differently. Skin needs more, for it is learnt from the face and lies in shadow
                elsewhere.
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
        """How likely each pixel's colour is in a model."""
        result: Float32[np.ndarray, "H W"] = colours.density[self.index]
        return result


@dataclass(frozen=True)
class ColourModel:
    """A distribution over the bins."""

    density: Float32[np.ndarray, " B"]

    def overlap(self, other: "ColourModel") -> float:
        """How much two things have the same colours, in [0, 1]."""
        return float(np.minimum(self.density, other.density).sum())


def typical(canvas: ColourBins, where: Bool[np.ndarray, "H W"], share: float) -> np.ndarray:
    """The pixels of a region that have its most usual colours, that share of it: bool `(H, W)`.

    Leaves out the glasses and the hair in a face, and the necklace on a coat.
    """
    model = canvas.model(where)
    if model is None:
        return where
    likelihood = canvas.likelihood(model)
    least = np.quantile(likelihood[where], 1 - share)
    result: np.ndarray = where & (likelihood >= least)
    return result


def _blurred(counts: np.ndarray, axis: int) -> np.ndarray:
    """Binomial smoothing along one axis; the ends keep what would fall off."""
    padded = np.concatenate([counts.take([0], axis), counts, counts.take([-1], axis)], axis)
    n = counts.shape[axis]
    low, middle, high = (padded.take(range(s, s + n), axis) for s in range(3))
    result: np.ndarray = 0.25 * low + 0.5 * middle + 0.25 * high
    return result
