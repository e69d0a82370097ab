"""Shoes: a mesh under the ankle that points where it is told."""

import numpy as np
import pytest

from reenactor.labels import Label
from reenactor_plugins.avatar.shoe import Shoe, fit_shoe, place_shoe
from reenactor_plugins.puppet.column import Column
from reenactor_plugins.puppet.foot import Foot
from reenactor_plugins.puppet.sprite import Texture, paint, paint_labels

SIZE = (120, 160)
UNIT = 200.0
ANKLE = np.array([80.0, 60.0])


@pytest.fixture(scope="module")
def shoe() -> Shoe:
    """Of a foot in the photo that points at the camera and is 18 pixels wide."""
    colour = np.full((34, 19, 4), 255, np.uint8)
    colour[..., :3] = 90, 60, 30
    texture = Texture(colour, np.full((34, 19), Label.LEFT_SHOE, np.uint8))
    column = Column(-12.0, 1.0, np.full(34, 9.0), np.zeros(34))
    return fit_shoe(Foot(column, texture, 0.0, 1.0), UNIT)


def outline(shoe: Shoe, way: tuple[float, float, float]) -> np.ndarray:
    sprite = place_shoe(shoe, ANKLE, np.array(way), UNIT, SIZE)
    assert sprite is not None
    assert set(np.unique(paint_labels([sprite], SIZE))) == {0, Label.LEFT_SHOE}
    inside: np.ndarray = paint([sprite], SIZE)[..., 3] > 0.5
    return np.asarray(np.argwhere(inside)[:, ::-1] - ANKLE)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_from_the_side_it_is_a_foot_long_and_its_sole_is_level(shoe: Shoe, side: float) -> None:
    """25 cm from 6 cm behind the ankle to 19 cm ahead of it; the sole 7.5 cm below."""
    spots = outline(shoe, (side, 0.0, 0.0))
    ahead = spots[:, 0] * side
    assert (ahead.min(), ahead.max()) == (
        pytest.approx(-0.062 * UNIT, abs=2), pytest.approx(0.19 * UNIT, abs=2)
    )  # fmt: skip
    for x in (-8, 0, 12, 24):
        assert spots[spots[:, 0] == x * side, 1].max() == pytest.approx(0.075 * UNIT, abs=1)
    assert spots[ahead > 24, 1].min() > spots[np.abs(ahead) < 8, 1].min() + 6  # the instep falls


def test_from_the_front_it_is_as_wide_as_in_the_photo(shoe: Shoe) -> None:
    spots = outline(shoe, (0.0, 0.0, -1.0))
    assert np.ptp(spots[:, 0]) == pytest.approx(18, abs=2)
    assert spots[:, 0].mean() == pytest.approx(0, abs=0.6)


def test_a_toe_that_points_down_is_below_the_heel(shoe: Shoe) -> None:
    spots = outline(shoe, (np.cos(0.6), np.sin(0.6), 0.0))
    toe = spots[spots[:, 0].argmax()]
    heel = spots[spots[:, 0].argmin()]
    assert toe[1] - heel[1] > 0.5 * 0.25 * UNIT * np.sin(0.6)
