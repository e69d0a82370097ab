"""Bridges gaps and smooths key points over a whole clip.

The filter is the one-euro filter (Casiez, Roussel and Vogel, CHI 2012): a low pass whose cutoff
grows with speed, so that a still hand does not jitter and a fast one does not lag. Because the
whole clip is known, it runs forwards and backwards and the results are averaged, without any lag.
"""

import itertools

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MIN_CUTOFF = 1.7
"""The cutoff for a still point in Hz."""
BETA = 2.2
"""The increase of the cutoff with speed, in Hz per body height per second."""
SPEED_CUTOFF = 1.0
"""The cutoff of the speed estimate in Hz."""


def one_euro(points: Array, seconds: Array, height: float) -> Array:
    """Smooth trajectories without lag.

    Args:
        points: `(T, D)` coordinates in pixels.
        seconds: `(T,)` ascending times.
        height: the body height in pixels, the unit of speed.
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

    A frame is an outlier if its distance from its neighbours is far larger than theirs from each
    other, and larger than `noise`, so that turning points of fast movements are kept.
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
    """Fill gaps of at most `longest` frames by linear interpolation.

    Args:
        values: `(T, D)`; unknown rows are ignored.
        known: `(T,)`.

    Returns:
        The filled values, and a mask of known rows.
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
    """Smooth `(T, D)` over time with a Gaussian of `sigma` frames, repeating the ends."""
    if sigma <= 0 or len(values) < 2:
        return values.copy()
    radius = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(values, ((radius, radius), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, kernel, mode="valid") for column in padded.T], axis=1)


def moving_maximum(values: Array, radius: int) -> Array:
    """The maximum over `radius` frames on each side, for each column of `(T, D)`."""
    radius = min(radius, len(values))
    padded = np.pad(values, ((radius, radius), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1, axis=0)
    highest: Array = windows.max(-1)
    return highest
