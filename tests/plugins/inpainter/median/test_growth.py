"""Holes grow over what belongs to the person, and over nothing else."""

import numpy as np
import pytest

from reenactor_plugins.inpainter.median.growth import grown

SIZE = (200, 300)
SEEN = np.ones(SIZE, bool)


def place() -> np.ndarray:
    noise = np.random.default_rng(0).integers(-3, 4, (*SIZE, 3))
    return (np.full((*SIZE, 3), (150, 140, 120)) + noise).astype(np.uint8)


def person() -> np.ndarray:
    hole = np.zeros(SIZE, bool)
    hole[40:180, 130:170] = True
    return hole


@pytest.mark.parametrize(
    ("rows", "columns", "colour", "belongs"),
    [
        ((50, 70), (170, 186), (40, 30, 20), True),  # hair beside the head
        ((110, 126), (190, 206), (250, 250, 250), True),  # a ball in the air
        ((60, 180), (200, 260), (60, 60, 160), False),  # somebody who passes
        ((10, 190), (170, 215), (60, 60, 160), False),  # somebody behind, partly hidden
    ],
)
def test_things_are_taken_as_a_whole_or_not_at_all(
    rows: tuple[int, int], columns: tuple[int, int], colour: tuple[int, ...], belongs: bool
) -> None:
    picture = place()
    picture[person()] = (200, 20, 20)
    picture[slice(*rows), slice(*columns)] = colour
    reach = 0.5 if belongs else 0.25
    found = grown(picture, place(), person(), SEEN, reach, shadow=False)
    thing = found[slice(*rows), slice(*columns)]
    assert thing.mean() == (1 if belongs else 0)
    assert found[person()].all()


def test_a_shadow_goes_only_if_asked_for() -> None:
    picture = place()
    shadow = slice(165, 180), slice(170, 215)
    picture[shadow] = picture[shadow] * 0.55
    kept = grown(picture, place(), person(), SEEN, 0.5, shadow=False)
    gone = grown(picture, place(), person(), SEEN, 0.5, shadow=True)
    assert np.array_equal(kept, person())
    assert gone[shadow].mean() > 0.95


def test_a_brighter_frame_and_an_unknown_place_grow_nothing() -> None:
    bright = (place().astype(int) + 30).clip(0, 255).astype(np.uint8)
    assert np.array_equal(grown(bright, place(), person(), SEEN, 0.5, shadow=True), person())
    picture = place()
    picture[50:70, 170:186] = 0
    unknown = grown(picture, place(), person(), ~SEEN, 0.5, shadow=True)
    assert np.array_equal(unknown, person())
