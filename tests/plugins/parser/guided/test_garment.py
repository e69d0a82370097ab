"""Pants or skirt, and where the cloth ends, on figures drawn by hand."""

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor_plugins.parser.guided.body_geometry import BodyGeometry, body_geometry
from reenactor_plugins.parser.guided.colours import ColourBins, ColourModel
from reenactor_plugins.parser.guided.garment import STEPS, cut_of

J = Joint
SIZE = (260, 120)


@pytest.fixture
def figure() -> BodyGeometry:
    """Legs 50 pixels apart from y = 100 to 240, arms from 40 to 120."""
    body = np.zeros((25, 3))
    for joint, x, y in (
        (J.NECK, 60, 30), (J.MID_HIP, 60, 100), (J.L_SHOULDER, 80, 40), (J.L_ELBOW, 90, 80),
        (J.L_WRIST, 90, 120), (J.R_SHOULDER, 40, 40), (J.R_ELBOW, 30, 80), (J.R_WRIST, 30, 120),
        (J.L_HIP, 80, 100), (J.L_KNEE, 85, 170), (J.L_ANKLE, 85, 240), (J.R_HIP, 40, 100),
        (J.R_KNEE, 35, 170), (J.R_ANKLE, 35, 240),
    ):  # fmt: skip
        body[joint] = x, y, 1
    found = body_geometry(body, np.zeros((70, 3)))
    assert found is not None
    return found


def inside(hem: int) -> np.ndarray:
    """One piece of cloth from the waist to the hem, then two legs."""
    mask = np.zeros(SIZE, bool)
    mask[30:hem, 25:95] = True
    mask[100:, 28:42] = True
    mask[100:, 78:92] = True
    return mask


def bare_below(y: int) -> np.ndarray:
    skin = np.zeros(SIZE, np.float32)
    skin[y:] = 1
    return skin


def one_colour(*colour: int) -> ColourModel:
    model = ColourBins.of(np.full((9, 9, 3), colour, np.uint8)).model(np.ones((9, 9), bool))
    assert model is not None
    return model


RED, BLUE = one_colour(200, 0, 0), one_colour(0, 0, 200)


def test_a_skirt_covers_what_is_between_the_legs(figure: BodyGeometry) -> None:
    cut = cut_of(figure, bare_below(170), inside(170), RED, BLUE)
    assert cut.below == Label.SKIRT
    assert cut.hems == pytest.approx((0.5, 0.5), abs=1 / STEPS)


def test_a_dress_is_a_skirt_of_the_colour_above_it(figure: BodyGeometry) -> None:
    assert cut_of(figure, bare_below(170), inside(170), RED, RED).below == Label.DRESS


def test_shorts_leave_a_gap(figure: BodyGeometry) -> None:
    cut = cut_of(figure, bare_below(150), inside(112), RED, BLUE)
    assert cut.below == Label.PANTS
    assert cut.hems == pytest.approx((50 / 140, 50 / 140), abs=1 / STEPS)


def test_sleeves_end_where_skin_begins(figure: BodyGeometry) -> None:
    skin = bare_below(95)
    cut = cut_of(figure, skin, inside(112), RED, BLUE)
    assert cut.sleeves == pytest.approx((55 / 80, 55 / 80), abs=2 / STEPS)
    assert cut.hems == (0, 0)


def test_covered_and_bare_all_over(figure: BodyGeometry) -> None:
    nowhere = cut_of(figure, np.zeros(SIZE, np.float32), inside(112), RED, BLUE)
    assert nowhere.sleeves == nowhere.hems == (1, 1)
    everywhere = cut_of(figure, np.ones(SIZE, np.float32), inside(112), RED, BLUE)
    assert everywhere.sleeves == everywhere.hems == (0, 0)


def test_an_unseen_leg_is_dressed_like_the_other(figure: BodyGeometry) -> None:
    body = figure.body.copy()
    body[[J.L_KNEE, J.L_ANKLE], 2] = 0
    one_legged = body_geometry(body, np.zeros((70, 3)))
    assert one_legged is not None
    cut = cut_of(one_legged, bare_below(170), inside(112), RED, BLUE)
    assert cut.hems[0] == cut.hems[1] == pytest.approx(0.5, abs=1 / STEPS)
    assert cut.below == Label.PANTS


def test_nobody_has_pants(figure: BodyGeometry) -> None:
    body = np.zeros((25, 3))
    body[J.NECK], body[J.NOSE] = (60, 30, 1), (60, 10, 1)
    bust = body_geometry(body, np.zeros((70, 3)))
    assert bust is not None
    cut = cut_of(bust, np.zeros(SIZE, np.float32), inside(112), None, None)
    assert cut.below == Label.PANTS
    assert cut.hems == (1, 1)
