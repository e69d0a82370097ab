"""Places by the bones: sides, waist, and how far along a limb."""

import numpy as np
import pytest

from reenactor_plugins.parser.guided.body_geometry import BodyGeometry, J, body_geometry
from reenactor_plugins.parser.guided.part_priors import PartPriors, part_priors


@pytest.fixture(scope="module")
def places(figure: BodyGeometry) -> PartPriors:
    return part_priors(figure, (223, 167))


def at(values: np.ndarray, point: np.ndarray) -> float:
    x, y = point.round().astype(int)
    return float(values[y, x])


def test_limbs_are_on_their_side(figure: BodyGeometry, places: PartPriors) -> None:
    for side, (elbow, knee, toe) in enumerate(
        ((J.L_ELBOW, J.L_KNEE, J.L_BIG_TOE), (J.R_ELBOW, J.R_KNEE, J.R_BIG_TOE))
    ):
        for limbs, joint in ((places.arms, elbow), (places.legs, knee), (places.feet, toe)):
            assert at(limbs[side], figure[joint]) > 0.9
            assert at(limbs[1 - side], figure[joint]) < 0.1


def test_shares_of_a_limb_grow_to_its_end(figure: BodyGeometry, places: PartPriors) -> None:
    for along, joints in (
        (places.along_legs[0], (J.L_HIP, J.L_KNEE, J.L_ANKLE)),
        (places.along_arms[1], (J.R_SHOULDER, J.R_ELBOW, J.R_WRIST)),
    ):
        found = [at(along, figure[joint]) for joint in joints]
        assert found == pytest.approx([0, 0.5, 1], abs=0.05)


def test_the_waist_is_between_neck_and_hips(figure: BodyGeometry, places: PartPriors) -> None:
    assert at(places.waist, figure[J.NECK]) == 0
    assert at(places.waist, figure[J.MID_HIP]) == 1
    assert at(places.waist, figure[J.L_KNEE]) == 1


def test_feet_do_not_reach_up_the_shin(figure: BodyGeometry, places: PartPriors) -> None:
    middle = (figure[J.L_KNEE] + figure[J.L_ANKLE]) / 2
    assert at(places.feet[0], middle) == 0


def test_a_person_without_a_head_has_no_face(figure: BodyGeometry) -> None:
    body = figure.body.copy()
    body[[J.NOSE, J.L_EYE, J.R_EYE, J.L_EAR, J.R_EAR], 2] = 0
    headless = body_geometry(body, np.zeros((70, 3)))
    assert headless is not None
    found = part_priors(headless, (223, 167))
    assert not found.face.any()
    assert not found.hair.any()
