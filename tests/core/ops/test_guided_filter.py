"""The guided filter: what it keeps, what it sharpens, and a small fit for a large picture."""

import numpy as np
import pytest

from reenactor.ops.guided_filter import Coefficients, GuidedFilter


def colours(height: int = 24, width: int = 30, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).random((height, width, 3)).astype(np.float32)


def test_a_flat_map_stays() -> None:
    flat = np.full((24, 30), 0.37, np.float32)
    assert np.allclose(GuidedFilter(colours(), 3, 1e-3)(flat), 0.37, atol=1e-4)


def test_a_linear_function_of_the_colours_stays() -> None:
    guide = colours()
    wanted = guide @ np.array([0.2, -0.5, 0.7], np.float32) + np.float32(0.1)
    assert np.allclose(GuidedFilter(guide, 3, 1e-7)(wanted), wanted, atol=1e-3)


def test_a_soft_border_becomes_as_sharp_as_the_picture() -> None:
    guide = np.zeros((20, 40, 3), np.float32)
    guide[:, 20:] = 0.8
    ramp = np.clip((np.arange(40, dtype=np.float32) - 14) / 12, 0, 1)[None].repeat(20, 0)
    found = GuidedFilter(guide, 5, 1e-4)(ramp)
    assert found[10, 20] - found[10, 19] > 0.4
    assert ramp[10, 20] - ramp[10, 19] < 0.1


def test_where_the_picture_is_flat_it_only_smooths() -> None:
    guide = np.full((15, 15, 3), 0.5, np.float32)
    spike = np.zeros((15, 15), np.float32)
    spike[7, 7] = 1
    found = GuidedFilter(guide, 1, 1e-3)(spike)
    assert found[7, 7] == pytest.approx(1 / 9, abs=0.03)
    assert found.sum() == pytest.approx(1, abs=0.01)


def test_coefficients_of_a_small_picture_serve_a_large_one() -> None:
    small = np.zeros((10, 12, 3), np.float32)
    small[:, 6:] = 0.9
    large = small.repeat(4, 0).repeat(4, 1)
    step = (small[..., 0] > 0).astype(np.float32)
    matrix = np.array([[0.25, 0, -0.375], [0, 0.25, -0.375]])
    fitted = GuidedFilter(small, 2, 1e-5).coefficients(step).resampled(matrix, (40, 48))
    found = fitted(large)
    assert ((found > 0.5) == (large[..., 0] > 0)).all()
    assert np.abs(found - (large[..., 0] > 0)).max() < 0.1  # plain enlargement is 0.4 off


def test_coefficients_without_slope_are_plain_enlargement() -> None:
    values = np.array([[0, 4], [0, 4]], np.float32)
    flat = Coefficients(np.zeros((2, 2, 3), np.float32), values)
    matrix = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])
    found = flat.resampled(matrix, (4, 4))(np.zeros((4, 4, 3), np.float32))
    assert np.allclose(found[1], [0, 1, 3, 4])
