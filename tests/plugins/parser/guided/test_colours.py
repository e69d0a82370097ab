"""Colour models: likelihoods, overlap, and what is typical."""

import numpy as np
import pytest

from reenactor_plugins.parser.guided.colours import ColourBins, typical

RED, BLUE = (200, 30, 30), (30, 30, 200)


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> np.ndarray:
    picture = np.zeros((20, 20, 3), np.uint8)
    picture[:, :10], picture[:, 10:] = left, right
    return picture


def everywhere() -> np.ndarray:
    return np.ones((20, 20), bool)


def test_a_model_knows_its_own_colour() -> None:
    canvas = ColourBins.of(halves(RED, BLUE))
    left = everywhere()
    left[:, 10:] = False
    red, blue = canvas.model(left), canvas.model(~left)
    assert red is not None
    assert blue is not None
    likelihood = canvas.likelihood(red)
    assert (likelihood[:, :10] > 1000 * likelihood[0, 19]).all()
    assert red.overlap(red) == pytest.approx(1, abs=1e-4)
    assert red.overlap(blue) < 0.05
    assert red.density.sum() == pytest.approx(1, abs=1e-3)


def test_shades_reach_further_along_light() -> None:
    light, dark = (220, 180, 160), (150, 118, 100)
    canvas = ColourBins.of(halves(light, dark))
    lit = everywhere()
    lit[:, 10:] = False
    narrow, wide = canvas.model(lit, shades=1), canvas.model(lit, shades=12)
    assert narrow is not None
    assert wide is not None
    assert canvas.likelihood(wide)[0, 19] > 3 * canvas.likelihood(narrow)[0, 19]


def test_a_few_pixels_teach_nothing() -> None:
    canvas = ColourBins.of(halves(RED, BLUE))
    few = np.zeros((20, 20), bool)
    few[0, :5] = True
    assert canvas.model(few) is None
    assert (typical(canvas, few, 0.5) == few).all()


def test_what_is_typical_is_the_colour_that_most_of_it_has() -> None:
    picture = halves(RED, RED)
    picture[:5, :5] = BLUE
    found = typical(ColourBins.of(picture), everywhere(), 0.7)
    assert not found[:5, :5].any()
    assert found[6:].all()
