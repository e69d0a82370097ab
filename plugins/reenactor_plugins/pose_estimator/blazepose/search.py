"""Where the detector looks: it finds people who fill about half of its square or more."""

from collections.abc import Iterator

import numpy as np

from reenactor_plugins.networks.mediapipe.roi import Roi

FINE = 0.6
"""The sides of the smallest squares, in shorter sides of the picture."""
OVERLAP = 0.5
"""Neighbouring squares share this much, so that nobody is cut by every one of them."""

SMALLEST = 48
"""Pixels: in smaller squares nobody is found. A strip of a picture would have thousands."""


def search_squares(height: int, width: int, thorough: bool) -> Iterator[list[Roi]]:
    """Sets of squares to look into, one set after another until somebody is found.

    First the whole picture. Where `thorough`, then squares as large as the shorter side, and
    then smaller ones: in them people down to about a quarter of the picture's height are found.
    """
    yield [Roi(width / 2, height / 2, float(max(width, height)), 0.0)]
    if not thorough:
        return
    short = float(min(width, height))
    if short >= SMALLEST and max(width, height) > 1.2 * short:
        yield list(_tiles(height, width, short))
    if FINE * short >= SMALLEST:
        yield list(_tiles(height, width, FINE * short))


def _tiles(height: int, width: int, side: float) -> Iterator[Roi]:
    for y in _centres(height, side):
        for x in _centres(width, side):
            yield Roi(x, y, side, 0.0)


def _centres(length: int, side: float) -> list[float]:
    """Middles of the fewest intervals that cover a length and overlap enough."""
    count = 1 + int(np.ceil((length - side) / ((1 - OVERLAP) * side) - 1e-9))
    return [float(c) for c in np.linspace(side / 2, length - side / 2, max(count, 1))]
