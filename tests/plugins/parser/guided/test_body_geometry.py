"""Skeletons as figures: measures, gaps, and distances in closed form."""

import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor_plugins.parser.guided.body_geometry import (
    ARMS,
    LEGS,
    body_geometry,
    distance_to,
    filled,
    limb,
)

J = Joint
NO_FACE = np.zeros((70, 3))


def body(*joints: tuple[Joint, float, float]) -> np.ndarray:
    result = np.zeros((25, 3))
    for joint, x, y in joints:
        result[joint] = x, y, 1
    return result


def test_neck_and_hips_are_between_what_is_seen() -> None:
    figure = body_geometry(
        body((J.L_SHOULDER, 60, 40), (J.R_SHOULDER, 40, 42), (J.L_HIP, 56, 90), (J.R_HIP, 44, 92)),
        NO_FACE,
    )
    assert figure is not None
    assert figure[J.NECK].tolist() == [50, 41]
    assert figure[J.MID_HIP].tolist() == [50, 91]
    assert figure.unit == pytest.approx(50)
    assert figure.head is None


def test_who_bends_forward_is_measured_by_the_shoulders() -> None:
    figure = body_geometry(
        body((J.NECK, 50, 40), (J.MID_HIP, 50, 45), (J.L_SHOULDER, 70, 40), (J.R_SHOULDER, 30, 40)),
        NO_FACE,
    )
    assert figure is not None
    assert figure.unit == pytest.approx(1.3 * 40)


def test_too_little_is_nobody() -> None:
    assert body_geometry(np.zeros((25, 3)), NO_FACE) is None
    assert body_geometry(body((J.L_WRIST, 4, 5)), NO_FACE) is None
    lost = np.full((25, 3), np.nan)
    assert body_geometry(lost, NO_FACE) is None


def test_the_head_is_where_the_face_is() -> None:
    face = np.zeros((70, 3))
    angle = np.linspace(0, np.pi, 17)
    face[:17] = np.stack([50 - 20 * np.cos(angle), 40 + 30 * np.sin(angle), np.ones(17)], 1)
    face[17:27] = np.stack([np.linspace(35, 65, 10), np.full(10, 30.0), np.ones(10)], 1)
    figure = body_geometry(body((J.NOSE, 50, 45), (J.NECK, 50, 100), (J.MID_HIP, 50, 200)), face)
    assert figure is not None
    assert figure.head is not None
    assert figure.head.across == pytest.approx(20)
    assert figure.head.along == pytest.approx(1.3 * 40 / 2)
    side, below = figure.head.coordinates((120, 100))
    assert below[70, 50] == pytest.approx(1, abs=0.01)  # the chin
    assert side[50, 70] == pytest.approx(1, abs=0.01)


def test_a_hidden_shin_goes_on_straight() -> None:
    figure = body_geometry(body((J.L_HIP, 10, 10), (J.L_KNEE, 14, 50)), NO_FACE)
    assert figure is not None
    assert limb(figure, LEGS[0])[1][1].tolist() == [18, 90]
    assert limb(figure, ARMS[0]) == []
    assert len(figure.chain(LEGS[0])) == 1


def test_the_hand_goes_on_from_the_forearm() -> None:
    joints = ((J.NECK, 0, 0), (J.MID_HIP, 0, 100), (J.L_ELBOW, 50, 50), (J.L_WRIST, 50, 80))
    figure = body_geometry(body(*joints), NO_FACE)
    assert figure is not None
    ((start, end),) = figure.hand(0)
    assert start.tolist() == [50, 80]
    assert end == pytest.approx([50, 80 + 32])


def test_distances_are_those_of_geometry() -> None:
    lines = [(np.array([10.0, 20]), np.array([40.0, 20]))]
    distance = distance_to(lines, (60, 60))
    assert distance[20, 25] == 0
    assert distance[33, 25] == pytest.approx(13, abs=0.5)
    assert distance[24, 43] == pytest.approx(5, abs=0.5)
    assert distance_to([], (4, 4)).min() > 1e3
    assert distance_to([(np.array([900.0, 900]), np.array([950.0, 900]))], (4, 4)).min() > 1e3


def test_a_polygon_is_filled() -> None:
    square = np.array([[5.0, 5], [15, 5], [15, 15], [5, 15]])
    assert filled(square, (20, 20)).sum() == 11 * 11
