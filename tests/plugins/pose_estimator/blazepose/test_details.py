from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reenactor_plugins.networks.mediapipe.pose import PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.pose_estimator.blazepose.details import (
    FaceFinder,
    HandBefore,
    HandFinder,
    without_twin,
)
from reenactor_plugins.pose_estimator.blazepose.face import FaceResult
from reenactor_plugins.pose_estimator.blazepose.hand import HandResult, roi_of_hand

Man = Callable[..., PoseResult]
PICTURE = np.zeros((300, 300, 3), np.uint8)


def hand_at(x: float, y: float, size: float = 20.0) -> np.ndarray:
    """A hand whose wrist is at x, y and whose fingers point down."""
    fingers = [(f - 2, 1.4 + 0.3 * joint) for f in range(5) for joint in range(4)]
    shape = np.array([(0.0, 0.0), *fingers]) * [0.3, 0.5]
    return shape * size + [x, y]


class Hands:
    """A hand network that sees `points` with `score`, and notes where it looked."""

    def __init__(self, points: np.ndarray, score: float = 0.9) -> None:
        self.points, self.score = points, score
        self.recrops: list[Roi] = []
        self.looks: list[Roi] = []

    def recrop(self, picture: np.ndarray, rough: Roi) -> Roi | None:
        self.recrops.append(rough)
        return rough

    def look(self, picture: np.ndarray, roi: Roi) -> HandResult:
        self.looks.append(roi)
        return HandResult(self.points, self.score)

    def finder(self) -> HandFinder:
        return HandFinder(self.recrop, self.look)


def before(points: np.ndarray, wrist: tuple[float, float], score: float = 0.9) -> HandBefore:
    both = np.column_stack([points, np.full(21, score)]).astype(np.float32)
    return HandBefore(both, np.array(wrist, np.float32))


def test_a_new_hand_is_looked_for_and_then_looked_at_closer(man: Man) -> None:
    hands = Hands(hand_at(127, 100))
    found = hands.finder()(PICTURE, man(), 0, None)
    assert len(hands.recrops) == 1
    assert len(hands.looks) == 2
    assert hands.looks[1] == roi_of_hand(hands.points)
    assert found[:, :2] == pytest.approx(hands.points, abs=1e-4)
    assert found[:, 2] == pytest.approx(0.9)


def test_side_one_is_the_right_hand(man: Man) -> None:
    hands = Hands(hand_at(73, 100))
    hands.finder()(PICTURE, man(), 1, None)
    assert hands.recrops[0].x == pytest.approx(100 - 27)


def test_a_followed_hand_is_looked_at_once_where_the_wrist_carried_it(man: Man) -> None:
    hands = Hands(hand_at(127, 100))
    old = hand_at(107, 95)  # the wrist was 20 to the left and 5 higher
    hands.finder()(PICTURE, man(), 0, before(old, (107, 95)))
    (roi,) = hands.looks
    was = roi_of_hand(old)
    assert (roi.x, roi.y, roi.size) == pytest.approx((was.x + 20, was.y + 5, was.size), rel=1e-5)
    assert not hands.recrops


@pytest.mark.parametrize("score", [0.4, 0.9])
def test_a_hand_that_is_lost_is_looked_for_anew(man: Man, score: float) -> None:
    # Lost: the network doubts it, or it found a hand far from this wrist.
    points = hand_at(127, 100) if score < 0.5 else hand_at(180, 100)
    hands = Hands(points, score)
    hands.finder()(PICTURE, man(), 0, before(hand_at(127, 100), (127, 100)))
    assert len(hands.recrops) == 1


def test_a_hand_not_seen_before_is_looked_for(man: Man) -> None:
    hands = Hands(hand_at(127, 100))
    hands.finder()(PICTURE, man(), 0, before(np.zeros((21, 2)), (127, 100), score=0))
    assert len(hands.recrops) == 1


def test_doubtful_hidden_and_tiny_hands_are_not_seen(man: Man) -> None:
    assert not Hands(hand_at(127, 100), 0.45).finder()(PICTURE, man(), 0, None).any()
    hidden = Hands(hand_at(127, 100))
    assert not hidden.finder()(PICTURE, man(visibility=np.full(33, 0.05)), 0, None).any()
    assert not hidden.looks
    tiny = Hands(hand_at(127, 100))
    assert not tiny.finder()(PICTURE, man(scale=0.2), 0, None).any()
    assert not tiny.looks


def test_one_hand_is_not_given_to_both_sides() -> None:
    hand = np.column_stack([hand_at(50, 50), np.ones(21)]).astype(np.float32)
    near = hand + np.array([1, 1, 0], np.float32)
    wrists = np.array([[80.0, 50.0], [52.0, 50.0]])
    left, right = without_twin(hand, near, wrists)
    assert not left.any()
    assert np.array_equal(right, near)
    far = hand + np.array([40, 0, 0], np.float32)
    left, right = without_twin(hand, far, wrists)
    assert np.array_equal(left, hand)
    assert np.array_equal(right, far)


def test_an_unseen_hand_has_no_twin() -> None:
    nothing = np.zeros((21, 3), np.float32)
    wrists = np.zeros((2, 2))
    assert all(not hand.any() for hand in without_twin(nothing, nothing, wrists))


class Faces:
    """A face network that sees a face with the given scores, one look after another."""

    def __init__(self, roi: Roi | None, *scores: float) -> None:
        self.roi, self.scores = roi, list(scores)
        self.looks: list[Roi] = []
        self.mesh = np.random.default_rng(0).normal([100, 35], 5, (468, 2))

    def look(self, picture: np.ndarray, roi: Roi) -> FaceResult:
        self.looks.append(roi)
        return FaceResult(self.mesh, self.scores.pop(0))

    def finder(self) -> FaceFinder:
        return FaceFinder(lambda picture, head: self.roi, self.look)


def test_a_detected_face_is_looked_at_in_its_square(man: Man) -> None:
    faces = Faces(Roi(100.0, 35.0, 20.0, 0.0), 0.8)
    points = faces.finder()(PICTURE, man(scale=2.0))
    assert faces.looks == [faces.roi]
    assert points[:, 2] == pytest.approx(0.8)
    assert points[8, :2] == pytest.approx(faces.mesh[152], abs=1e-4)


def test_an_undetected_one_where_the_head_is(man: Man) -> None:
    faces = Faces(None, 0.8)
    faces.finder()(PICTURE, man(scale=2.0))
    # Eyes, ears and mouth span 14 across, so 28 pixels; the head's square is three times that.
    assert faces.looks[0].size == pytest.approx(2 / 3 * 3 * 28)


def test_a_doubtful_face_is_given_a_second_look(man: Man) -> None:
    faces = Faces(Roi(100.0, 35.0, 20.0, 0.0), 0.3, 0.6)
    assert faces.finder()(PICTURE, man(scale=2.0))[0, 2] == pytest.approx(0.6)
    again = Faces(Roi(100.0, 35.0, 20.0, 0.0), 0.3, 0.4)
    assert not again.finder()(PICTURE, man(scale=2.0)).any()


def test_no_face_is_looked_for_from_behind_or_far_away(man: Man) -> None:
    visibility = np.full(33, 0.9)
    visibility[0] = 0.1
    faces = Faces(None, 0.9)
    assert not faces.finder()(PICTURE, man(visibility=visibility)).any()
    assert not faces.finder()(PICTURE, man(scale=0.2)).any()
    assert not faces.looks


def test_types_are_what_people_hold(man: Man) -> None:
    found: Any = Hands(hand_at(127, 100)).finder()(PICTURE, man(), 0, None)
    assert found.dtype == np.float32
