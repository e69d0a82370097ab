"""Bridging gaps and smoothing key points over a whole clip.

The filter is the one-euro filter (Casiez, Roussel and Vogel, CHI 2012): a low pass whose cutoff
grows with speed, so that a still hand does not tremble and a fast one does not lag. A clip is
known as a whole, so it runs forwards and backwards and the two are averaged: no lag is left.
"""

import itertools

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MIN_CUTOFF = 1.7
"""Hz: the cutoff for a point that stands still."""
BETA = 2.2
"""Hz per body height and second: how fast the cutoff opens with speed."""
SPEED_CUTOFF = 1.0
"""Hz: the cutoff of the speed estimate itself."""


def one_euro(points: Array, seconds: Array, height: float) -> Array:
    """Smooth trajectories without lag.

    Args:
        points: `(T, D)` coordinates in pixels.
        seconds: `(T,)` ascending times.
        height: pixels of one body height, the unit of speed.
    """
    if len(points) < 3:
        return points.copy()
    forwards = _one_euro_pass(points, np.diff(seconds), height)
    backwards = _one_euro_pass(points[::-1], np.diff(seconds)[::-1], height)[::-1]
    smooth: Array = (forwards + backwards) / 2
    return smooth


def _one_euro_pass(points: Array, steps: Array, height: float) -> Array:
    out = np.empty_like(points)
    out[0] = points[0]
    speed = np.zeros_like(points[0])
    for t, step in enumerate(np.maximum(steps, 1e-6), start=1):
        raw = (points[t] - out[t - 1]) / step / height
        speed += _gain(np.float64(SPEED_CUTOFF), step) * (raw - speed)
        gain = _gain(MIN_CUTOFF + BETA * np.abs(speed), step)
        out[t] = out[t - 1] + gain * (points[t] - out[t - 1])
    return out


def _gain(cutoff: npt.NDArray[np.float64] | np.float64, step: float) -> Array:
    """The weight of a new sample in a first-order low pass."""
    tau = 1 / (2 * np.pi * cutoff)
    gain: Array = np.asarray(1 / (1 + tau / step))
    return gain


def without_spikes(points: Array, noise: float) -> Array:
    """Replace single-frame outliers of `(T, D)` trajectories by the median of three frames.

    Only what leaves its neighbours by far more than they differ, and by more than `noise`, is
    touched, so that a turning point of a fast movement stays.
    """
    if len(points) < 3:
        return points.copy()
    out = points.copy()
    before, here, after = points[:-2], points[1:-1], points[2:]
    middle = np.median(np.stack([before, here, after]), axis=0)
    spike = np.abs(here - middle) > 3 * np.abs(after - before) + noise
    out[1:-1] = np.where(spike, middle, here)
    return out


def bridge(
    values: Array, known: npt.NDArray[np.bool_], longest: int
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Fill gaps of at most `longest` frames between two known ones, linearly.

    Args:
        values: `(T, D)`; rows that are not known are ignored.
        known: `(T,)`.

    Returns:
        The filled values, and which rows are known now.
    """
    out, have = values.copy(), known.copy()
    where = np.flatnonzero(known)
    for left, right in itertools.pairwise(where):
        if 1 < right - left <= longest + 1:
            share = (np.arange(left + 1, right) - left)[:, None] / (right - left)
            out[left + 1 : right] = values[left] * (1 - share) + values[right] * share
            have[left + 1 : right] = True
    return out, have


def gaussian(values: Array, sigma: float) -> Array:
    """Smooth `(T, D)` along time with a Gaussian of `sigma` frames; the ends are held."""
    if sigma <= 0 or len(values) < 2:
        return values.copy()
    radius = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(values, ((radius, radius), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, kernel, mode="valid") for column in padded.T], axis=1)


def moving_maximum(values: Array, radius: int) -> Array:
    """The largest value within `radius` frames, for each column of `(T, D)`."""
    radius = min(radius, len(values))
    padded = np.pad(values, ((radius, radius), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1, axis=0)
    highest: Array = windows.max(-1)
    return highest
