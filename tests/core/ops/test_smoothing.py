"""Filters against closed forms."""

import numpy as np
import pytest

from reenactor.ops.smoothing import bridge, gaussian, moving_maximum, one_euro, without_spikes


def test_one_euro_leaves_a_constant_and_keeps_a_straight_line_straight() -> None:
    seconds = np.arange(60) / 30
    still = np.full((60, 2), 7.0)
    np.testing.assert_allclose(one_euro(still, seconds, 100.0), still)
    line = np.stack([300 * seconds, -100 * seconds], 1)
    # Forwards it lags and backwards it leads by as much: the middle of the line is exact.
    np.testing.assert_allclose(one_euro(line, seconds, 100.0)[20:40], line[20:40], atol=0.3)


def test_one_euro_takes_tremble_away_and_keeps_a_fast_wave() -> None:
    rng = np.random.default_rng(1)
    seconds = np.arange(300) / 30
    tremble = rng.normal(0, 2.0, (300, 1))
    assert one_euro(tremble, seconds, 500.0).std() < 0.5 * tremble.std()
    wave = 150 * np.sin(2 * np.pi * 1.0 * seconds)[:, None]  # an arm waving once a second
    kept = one_euro(wave, seconds, 500.0)[30:-30]
    assert np.abs(kept).max() > 0.93 * 150
    lag = np.argmax(np.correlate(kept[:, 0], wave[30:-30, 0], "full")) - (len(kept) - 1)
    assert lag == 0


def test_one_euro_does_not_depend_on_resolution() -> None:
    rng = np.random.default_rng(2)
    path, seconds = rng.normal(0, 5, (50, 3)).cumsum(0), np.arange(50) / 25
    np.testing.assert_allclose(
        one_euro(4 * path, seconds, 400.0), 4 * one_euro(path, seconds, 100.0)
    )


@pytest.mark.parametrize("length", [1, 2])
def test_clips_too_short_to_smooth_stay(length: int) -> None:
    path = np.arange(length, dtype=float)[:, None]
    np.testing.assert_array_equal(one_euro(path, np.arange(length) / 30, 100.0), path)
    np.testing.assert_array_equal(without_spikes(path, 1.0), path)


def test_a_spike_goes_and_a_turn_stays() -> None:
    path = np.array([0.0, 1, 50, 3, 4, 5, 4, 3])[:, None]
    np.testing.assert_array_equal(without_spikes(path, 3.0)[:, 0], [0, 1, 3, 3, 4, 5, 4, 3])


@pytest.mark.parametrize(("leap", "stays"), [(8.5, True), (9.5, False)])
def test_a_spike_is_three_steps_of_its_neighbours_and_the_noise(leap: float, stays: bool) -> None:
    path = np.array([0.0, 0, 0, 0, 2, 2, 2])[:, None]
    path[3] += 2 + leap  # its neighbours are 0 and 2: 3 * 2 + 3 = 9 from the middle one
    assert bool(without_spikes(path, 3.0)[3, 0] == 2 + leap) is stays


def test_a_short_gap_is_filled_on_the_line_and_a_long_one_stays_open() -> None:
    values = np.array([[0.0], [-9], [-9], [6], [-9], [-9], [-9], [8]])
    known = np.array([True, False, False, True, False, False, False, True])
    filled, have = bridge(values, known, longest=2)
    np.testing.assert_allclose(filled[:4, 0], [0, 2, 4, 6])
    assert have.tolist() == [True, True, True, True, False, False, False, True]


@pytest.mark.parametrize("at", [1, 50, 98])
def test_a_gap_of_one_frame_is_filled_wherever_it_is(at: int) -> None:
    path = np.arange(100.0)[:, None]
    known = np.arange(100) != at
    filled, have = bridge(np.where(known[:, None], path, -7.0), known, 1)
    assert have.all()
    np.testing.assert_allclose(filled, path)


def test_gaussian_keeps_constants_and_the_sum_of_an_impulse() -> None:
    np.testing.assert_allclose(gaussian(np.full((20, 2), 3.0), 2.5), 3.0)
    impulse = np.zeros((41, 1))
    impulse[20] = 1
    smooth = gaussian(impulse, 2.0)
    assert smooth.sum() == pytest.approx(1)
    assert smooth[20, 0] / smooth[22, 0] == pytest.approx(np.exp(0.5))  # one sigma away


@pytest.mark.parametrize("sigma", [0.5, 2.0])
def test_an_impulse_becomes_an_even_bell_in_its_place(sigma: float) -> None:
    impulse = np.zeros((41, 1))
    impulse[20] = 1
    bell = gaussian(impulse, sigma)[:, 0]
    assert len(bell) == 41
    np.testing.assert_allclose(bell, bell[::-1], atol=1e-12)
    for away in range(1, round(3 * sigma)):
        assert bell[20 + away] / bell[20] == pytest.approx(np.exp(-0.5 * (away / sigma) ** 2))


def test_uneven_times_smooth_the_same_backwards() -> None:
    random = np.random.default_rng(0)
    points, steps = random.normal(0, 5, (30, 2)), random.uniform(0.01, 0.2, 29)
    seconds = np.concatenate([[0], np.cumsum(steps)])
    backwards = one_euro(points[::-1], (seconds[-1] - seconds)[::-1], 100.0)[::-1]
    np.testing.assert_allclose(one_euro(points, seconds, 100.0), backwards)


def test_moving_maximum() -> None:
    values = np.array([[0.0], [5], [0], [0], [0], [1]])
    assert moving_maximum(values, 1)[:, 0].tolist() == [5, 5, 5, 0, 1, 1]
