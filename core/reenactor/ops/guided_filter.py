"""The guided filter for edge-aware smoothing (He, Sun, Tang 2013).

Around every pixel, the filtered map is the best linear function of the guide's three colours, so it
keeps the map's values while its edges follow the guide. Coefficients computed at low resolution can
be applied at full resolution (He, Sun 2015), which makes large photos cheap.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True)
class Coefficients:
    """The linear functions of a map: value = slope · colour + offset at every pixel."""

    slope: Float32[np.ndarray, "h w 3"]
    offset: Float32[np.ndarray, "h w"]

    def resampled(self, matrix: np.ndarray, size: tuple[int, int]) -> "Coefficients":
        """Resample the functions to another grid, bilinearly.

        Args:
            matrix: 2x3 affine map from the other grid's pixels to this one's.
            size: height and width of the other grid.
        """

        def warp(values: np.ndarray) -> np.ndarray:
            return cv2.warpAffine(
                values,
                matrix,
                (size[1], size[0]),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )

        return Coefficients(warp(self.slope), warp(self.offset))

    def __call__(self, guide: Float32[np.ndarray, "h w 3"]) -> Float32[np.ndarray, "h w"]:
        """Apply to a guide of the same size."""
        result: np.ndarray = np.einsum("hwc,hwc->hw", self.slope, guide) + self.offset
        return result


class GuidedFilter:
    """The filter for one guide, for any number of maps.

    Args:
        guide: a colour picture in [0, 1].
        radius: the radius of the square window in pixels.
        smoothness: epsilon, the colour variance (for colours in [0, 1]) below which maps are
            smoothed.
    """

    def __init__(self, guide: Float32[np.ndarray, "h w 3"], radius: int, smoothness: float) -> None:
        self._guide = guide
        self._window = (2 * radius + 1, 2 * radius + 1)
        self._mean = self._box(guide)
        pairs = self._box(np.einsum("hwi,hwj->hwij", guide, guide).reshape(*guide.shape[:2], 9))
        covariance = pairs.reshape(*guide.shape[:2], 3, 3)
        covariance -= np.einsum("hwi,hwj->hwij", self._mean, self._mean)
        self._inverse = _inverted(covariance + smoothness * np.eye(3, dtype=np.float32))

    def _box(self, values: np.ndarray) -> np.ndarray:
        return cv2.boxFilter(values, -1, self._window, borderType=cv2.BORDER_REFLECT)

    def coefficients(self, values: Float32[np.ndarray, "h w"]) -> Coefficients:
        """Fit a map."""
        mean = self._box(values)
        product = self._box(self._guide * values[..., None]) - self._mean * mean[..., None]
        slope = np.einsum("hwij,hwj->hwi", self._inverse, product)
        offset = mean - np.einsum("hwi,hwi->hw", slope, self._mean)
        return Coefficients(self._box(slope), self._box(offset))

    def __call__(self, values: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "h w"]:
        """Filter a map."""
        return self.coefficients(values)(self._guide)


def _inverted(matrix: Float32[np.ndarray, "h w 3 3"]) -> Float32[np.ndarray, "h w 3 3"]:
    """Inverses of symmetric 3x3 matrices by adjugates, far faster than `np.linalg.inv`.

    In double precision, because grey pictures make the matrices nearly singular.
    """
    wide = matrix.astype(np.float64)
    a, b, c = wide[..., 0, 0], wide[..., 0, 1], wide[..., 0, 2]
    d, e, f = wide[..., 1, 1], wide[..., 1, 2], wide[..., 2, 2]
    aa, ab, ac = d * f - e * e, c * e - b * f, b * e - c * d
    bb, bc, cc = a * f - c * c, b * c - a * e, a * d - b * b
    determinant = a * aa + b * ab + c * ac
    rows = [aa, ab, ac, ab, bb, bc, ac, bc, cc]
    inverse = np.stack(rows, -1) / determinant[..., None]
    return inverse.reshape(matrix.shape).astype(np.float32)
