"""The Fréchet distance in closed form and against SciPy's matrix root."""

import numpy as np
import pytest
import torch

from reenactor.metrics.frechet import Moments, frechet_distance, moments


def gaussian(mean: list[float], variances: list[float]) -> Moments:
    return Moments(
        torch.tensor(mean, dtype=torch.float64),
        torch.diag(torch.tensor(variances, dtype=torch.float64)),
        100,
    )


def test_diagonal_gaussians_in_closed_form() -> None:
    # Per dimension: (μ - ν)² + (σ - τ)².
    a, b = gaussian([0, 1, 2], [1, 4, 9]), gaussian([1, 1, 0], [4, 4, 1])
    assert frechet_distance(a, b) == pytest.approx((1 + 1) + 0 + (4 + 4), abs=1e-9)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)


def test_against_the_matrix_root_of_scipy() -> None:
    linalg = pytest.importorskip("scipy.linalg")
    generator = torch.Generator().manual_seed(3)
    mix = torch.randn(24, 24, generator=generator)
    x = torch.randn(400, 24, generator=generator) @ mix
    y = torch.randn(300, 24, generator=generator) @ mix.T + 0.5
    a, b = moments(x), moments(y)
    assert np.allclose(a.covariance.numpy(), np.cov(x.double().numpy(), rowvar=False))
    root = linalg.sqrtm(a.covariance.numpy() @ b.covariance.numpy()).real
    expected = float(((a.mean - b.mean) ** 2).sum()) + np.trace(
        a.covariance.numpy() + b.covariance.numpy() - 2 * root
    )
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-8)


def test_fewer_features_than_dimensions_still_give_a_number() -> None:
    generator = torch.Generator().manual_seed(4)
    a = moments(torch.randn(8, 64, generator=generator))
    b = moments(torch.randn(8, 64, generator=generator) + 1)
    assert 64 * 0.5 < frechet_distance(a, b) < 64 * 4
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)


def test_grows_with_the_shift() -> None:
    x = torch.randn(200, 8, generator=torch.Generator().manual_seed(5))
    distances = [frechet_distance(moments(x + s), moments(x)) for s in (0, 0.5, 1, 2)]
    assert distances == pytest.approx([8 * s * s for s in (0, 0.5, 1, 2)], abs=1e-5)
