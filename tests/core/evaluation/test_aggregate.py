"""Means and intervals."""

import math

import numpy as np
import pytest

from reenactor.evaluation.aggregate import BLOCK, bootstrapped


def test_the_mean_is_over_frames_not_over_videos() -> None:
    figure = bootstrapped([np.array([1.0] * 30), np.array([4.0, math.nan, 4.0])], 200, 0)
    assert figure is not None
    assert figure.value == pytest.approx((30 + 8) / 32)
    assert figure.count == 32


def test_intervals_repeat_and_narrow() -> None:
    rng = np.random.default_rng(1)
    few, many = rng.normal(0, 1, 10 * BLOCK), rng.normal(0, 1, 160 * BLOCK)
    a, b = bootstrapped([few], 400, 7), bootstrapped([many], 400, 7)
    assert a == bootstrapped([few], 400, 7)
    assert a is not None
    assert b is not None
    assert None not in (a.low, a.high, b.low, b.high)
    wide, narrow = (a.high or 0) - (a.low or 0), (b.high or 0) - (b.low or 0)
    # Independent values: the interval of a mean is ± 1.96 / sqrt(n).
    assert narrow == pytest.approx(2 * 1.96 / math.sqrt(len(many)), rel=0.25)
    assert wide > 2 * narrow


def test_neighbours_that_are_alike_widen_the_interval() -> None:
    rng = np.random.default_rng(2)
    slow = np.repeat(rng.normal(0, 1, 60), BLOCK)
    shuffled = rng.permutation(slow)
    a, b = bootstrapped([slow], 400, 0), bootstrapped([shuffled], 400, 0)
    assert a is not None
    assert b is not None
    assert (a.high or 0) - (a.low or 0) > 2 * ((b.high or 0) - (b.low or 0))


def test_no_values_no_figure() -> None:
    assert bootstrapped([np.array([math.nan])], 10, 0) is None
    alone = bootstrapped([np.array([2.0])], 10, 0)
    assert alone is not None
    assert (alone.value, alone.low) == (2, None)
