"""The Fréchet distance between two Gaussians fitted to features, for FID and FVD."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float64
from torch import Tensor

FULL_RANK = 2048
"""With fewer pictures, the covariance of 2048 features is singular and FID is unreliable."""


@dataclass(frozen=True)
class Moments:
    """Mean and unbiased covariance of N features of D numbers."""

    mean: Float64[Tensor, " D"]
    covariance: Float64[Tensor, "D D"]
    count: int


def moments(features: Float[Tensor, "N D"]) -> Moments:
    """Mean and covariance of features; N must be at least 2."""
    values = features.double()
    mean = values.mean(0)
    centred = values - mean
    return Moments(mean, centred.T @ centred / (len(values) - 1), len(values))


def frechet_distance(a: Moments, b: Moments) -> float:
    """d² = |μa - μb|² + Tr(Ca + Cb - 2 (Ca Cb)^½), 0 or more (Heusel et al. 2017, Eq. 6).

    The trace of the root is the sum of the roots of the eigenvalues of Ca^½ Cb Ca^½. This matrix is
    symmetric, so there are no complex numbers, and singular covariances need no regularisation.
    """
    root = _root(a.covariance)
    inner = root @ b.covariance @ root
    between = torch.linalg.eigvalsh((inner + inner.T) / 2).clamp(min=0).sqrt().sum()
    traces = a.covariance.trace() + b.covariance.trace()
    distance = (a.mean - b.mean).square().sum() + traces - 2 * between
    return max(float(distance), 0.0)


def _root(matrix: Float64[Tensor, "D D"]) -> Float64[Tensor, "D D"]:
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    return root
