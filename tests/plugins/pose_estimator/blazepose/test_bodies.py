from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reenactor_plugins.networks.mediapipe.detection import Detection
from reenactor_plugins.networks.mediapipe.pose import PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.pose_estimator.blazepose.bodies import BodyFinder, TrackedBody, same_person
from reenactor_plugins.pose_estimator.blazepose.options import BlazePoseOptions

Man = Callable[..., PoseResult]
PICTURE = np.zeros((200, 600, 3), np.uint8)


@pytest.fixture
def finder(stage: Any) -> Callable[..., BodyFinder]:
    """A finder whose detector sees everybody on the stage who is large in its square."""

    def detect(picture: np.ndarray, square: Roi, least: float) -> list[Detection]:
        stage.detections += 1
        large = [
            p for p in stage.people if np.ptp(p.landmarks[:, 1]) > stage.smallest * square.size
        ]
        return [Detection(p.flag, p.circle[0], np.ones(2), p.circle) for p in large]

    stage.smallest = 0.0

    def make(**options: Any) -> BodyFinder:
        return BodyFinder(BlazePoseOptions(**options), detect, stage.look)

    return make


def _bodies(found: list[TrackedBody]) -> list[np.ndarray]:
    return [body.points.body for body in found]


def test_two_people_are_found_best_first(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man(100.0, sure=0.6), man(300.0, sure=0.9)]
    found = finder()(PICTURE, 0, [])
    assert [body.found.circle[0, 0] for body in found] == [300, 100]
    assert [body.before for body in found] == [None, None]
    assert found[0].score == pytest.approx(0.99 * 0.9)


def test_people_are_followed_without_the_detector(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man(100.0, sure=0.6), man(300.0, sure=0.9)]
    find = finder(max_people=2)
    first = find(PICTURE, 0, [])
    stage.detections = 0
    stage.people = [man(110.0, sure=0.95), man(305.0, sure=0.9)]
    second = find(PICTURE, 1, _bodies(first))
    assert stage.detections == 0
    assert [body.found.circle[0, 0] for body in second] == [110, 305]
    assert [body.before for body in second] == [1, 0]


@pytest.mark.parametrize(("index", "times"), [(10, 1), (11, 0), (20, 1)])
def test_strangers_are_looked_for_in_every_tenth_frame(
    stage: Any, finder: Any, man: Man, index: int, times: int
) -> None:
    stage.people = [man()]
    find = finder(detect_every=10)
    before = _bodies(find(PICTURE, 0, []))
    stage.detections = 0
    find(PICTURE, index, before)
    assert stage.detections == times


def test_the_detector_looks_again_when_somebody_is_lost(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man(100.0), man(300.0)]
    find = finder()
    before = _bodies(find(PICTURE, 0, []))
    stage.people = [man(100.0), man(550.0)]  # one jumped away
    found = find(PICTURE, 3, before)
    assert {(body.found.circle[0, 0], body.before is None) for body in found} == {
        (100, False),
        (550, True),
    }


def test_somebody_known_is_not_looked_at_twice(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man()]
    find = finder()
    before = _bodies(find(PICTURE, 0, []))
    stage.looks.clear()
    assert len(find(PICTURE, 10, before)) == 1
    assert len(stage.looks) == 1


def test_two_who_follow_the_same_person_become_one(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man(100.0), man(130.0)]
    find = finder(max_people=2)
    before = _bodies(find(PICTURE, 0, []))
    assert len(before) == 2
    stage.people = [man(115.0)]
    assert len(find(PICTURE, 1, before)) == 1


def test_no_more_people_than_wanted(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man(x) for x in (60.0, 180.0, 300.0, 420.0)]
    assert len(finder(max_people=3)(PICTURE, 0, [])) == 3


def test_whom_the_pose_network_doubts_is_left_out(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man(flag=0.4)]
    assert finder()(PICTURE, 0, []) == []
    assert len(finder(min_confidence=0.3)(PICTURE, 0, [])) == 1


def test_somebody_hardly_seen_counts_only_alone(stage: Any, finder: Any, man: Man) -> None:
    stage.people = [man(300.0, sure=0.3)]
    assert len(finder()(PICTURE, 0, [])) == 1
    stage.people.append(man(100.0, flag=0.999, sure=0.9))
    assert len(finder()(PICTURE, 0, [])) == 1


def test_small_people_are_found_when_the_search_is_thorough(
    stage: Any, finder: Any, man: Man
) -> None:
    stage.people = [man(300.0)]  # 160 pixels tall in squares of 600, 200 and 120
    stage.smallest = 0.5
    assert finder()(PICTURE, 3, []) == []
    assert len(finder()(PICTURE, 20, [])) == 1


def test_bodies_far_apart_are_two_people(man: Man) -> None:
    assert same_person(man(100.0), man(105.0))
    assert not same_person(man(100.0), man(120.0))
