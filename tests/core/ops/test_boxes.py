"""What boxes share, by hand."""

import numpy as np
import pytest

from reenactor.ops.boxes import coverage, intersection, iou

BOXES = np.array([[0.0, 0, 2, 2], [0, 0, 4, 1]])
OTHERS = np.array([[0.0, 0, 2, 2], [1, 1, 3, 3], [5, 5, 6, 6], [2, 0, 4, 2], [-1, -1, 5, 5]])


def test_each_box_is_compared_with_each_of_the_others() -> None:
    assert intersection(BOXES, OTHERS).tolist() == [[4, 1, 0, 0, 4], [2, 0, 0, 2, 4]]


def test_iou_is_the_ratio_of_the_areas() -> None:
    assert iou(BOXES, OTHERS) == pytest.approx(
        np.array([[1, 1 / 7, 0, 0, 4 / 36], [2 / 6, 0, 0, 2 / 6, 4 / 36]])
    )


def test_coverage_is_the_share_of_the_first_box() -> None:
    assert coverage(BOXES, OTHERS) == pytest.approx(
        np.array([[1, 1 / 4, 0, 0, 1], [2 / 4, 0, 0, 2 / 4, 1]])
    )
    assert coverage(OTHERS[-1:], BOXES[:1]) == pytest.approx(np.array([[4 / 36]]))


@pytest.mark.parametrize("box", [[1.0, 1, 1, 1], [0, 0, 0, 5], [np.nan] * 4])
def test_a_box_without_area_shares_nothing(box: list[float]) -> None:
    odd = np.array([box], np.float64)
    for compared in (iou, coverage):
        assert compared(odd, odd).tolist() == [[0.0]]
        assert compared(BOXES, odd).tolist() == [[0.0], [0.0]]


def test_nobody_is_compared_with_nobody() -> None:
    nobody = np.zeros((0, 4))
    assert iou(nobody, BOXES).shape == (0, 2)
    assert coverage(BOXES, nobody).shape == (2, 0)
