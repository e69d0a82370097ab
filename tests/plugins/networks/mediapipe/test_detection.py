import numpy as np
import pytest

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.detection import (
    BlazeDetector,
    anchors,
    face_detector,
    groups,
    pose_detector,
)
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.networks.mediapipe.session import OnnxNetwork


def test_anchors_are_the_middles_of_cells() -> None:
    grid = anchors(8, (4,))  # 2 x 2 cells, two anchors each, row by row
    middles = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
    assert grid == pytest.approx(np.repeat(middles, 2, 0))


def test_layers_of_one_stride_lie_interleaved() -> None:
    grid = anchors(16, (8, 16, 16))
    assert grid[8:] == pytest.approx(np.full((4, 2), 0.5))
    assert len(grid) == 2 * 4 + 4 * 1


@pytest.mark.parametrize(
    ("side", "strides", "count"), [(224, (8, 16, 32, 32, 32), 2254), (128, (8, 16, 16, 16), 896)]
)
def test_there_are_as_many_anchors_as_the_networks_answer(
    side: int, strides: tuple[int, ...], count: int
) -> None:
    assert len(anchors(side, strides)) == count


def test_answers_that_overlap_the_best_are_one_find() -> None:
    boxes = np.array([[0.0, 0, 1, 1], [4, 4, 5, 5], [0.1, 0, 1.1, 1], [4, 4, 5, 5.2]])
    found = groups(np.array([0.6, 0.8, 0.9, 0.7]), boxes)
    assert [group.tolist() for group in found] == [[2, 0], [1, 3]]


def test_a_box_without_area_still_ends_the_search() -> None:
    assert len(groups(np.ones(3), np.zeros((3, 4)))) == 3


class _Answer(OnnxNetwork):
    """Answers the same to everything: two anchors see one thing, with scores 0.75 and 0.6."""

    def __init__(self) -> None:
        self.values = np.zeros((1, 8, 8), np.float32)
        self.logits = np.full((1, 8, 1), -99, np.float32)
        # Anchors 0 and 1 are both at (0.25, 0.25) of a square of 8 pixels.
        self.values[0, 0] = [1, 0, 4, 2, 1, 1, 0, 2]  # centre, size, two points, in pixels
        self.values[0, 1] = [2, 0, 4, 2, 1, 1, 0, 2]
        self.logits[0, :2, 0] = np.log([3, 1.5])

    def __call__(self, crop: np.ndarray, low: float, high: float) -> list[np.ndarray]:
        return [self.values, self.logits]


def test_finds_are_averaged_by_their_scores_and_placed_in_the_picture() -> None:
    roi = Roi(
        x=100.0, y=50.0, size=80.0, angle=0.0
    )  # ten picture pixels a pixel, corner at (60, 10)
    picture = np.zeros((100, 200, 3), np.uint8)
    (find,) = BlazeDetector(_Answer(), 8, (4,))(picture, roi)
    assert find.score == pytest.approx(0.75)
    x = 2 + (0.75 * 1 + 0.6 * 2) / 1.35  # anchors at pixel 2
    assert find.centre == pytest.approx([60 + 10 * x, 10 + 10 * 2])
    assert find.size == pytest.approx([40, 20])
    assert find.points == pytest.approx(np.array([[90, 40], [80, 50]]))


def test_scores_below_the_threshold_are_nothing() -> None:
    picture = np.zeros((20, 20, 3), np.uint8)
    assert BlazeDetector(_Answer(), 8, (4,))(picture, Roi(10.0, 10.0, 20.0, 0.0), 0.8) == []


def test_the_networks_find_nobody_in_nothing(shipped: Runtime) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    for picture in (np.zeros((90, 120, 3), np.uint8), noise):
        for detector in (pose_detector(shipped), face_detector(shipped)):
            assert detector(picture, Roi(60.0, 45.0, 120.0, 0.0)) == []
