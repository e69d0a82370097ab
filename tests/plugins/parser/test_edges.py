"""Labels from scores: thresholds, sizes, stripes, and borders that follow the picture."""

import numpy as np
import pytest

from reenactor_plugins.parser import edges
from reenactor_plugins.parser.edges import ClassScores, labels_of, shrunk


def two_halves(height: int, width: int) -> ClassScores:
    """Class 1 on the left, class 2 on the right, nobody in the uppermost quarter."""
    classes = np.zeros((3, height, width), np.float32)
    classes[1, :, : width // 2] = 0.9
    classes[2, :, width // 2 :] = 0.9
    person = np.ones((height, width), np.float32)
    person[: height // 4] = 0
    return ClassScores(classes, person, 0.5)


def test_the_largest_class_wins_where_a_person_is() -> None:
    picture = np.zeros((16, 20, 3), np.uint8)
    labels = labels_of(two_halves(16, 20), picture, picture, 1, 0)
    assert (labels[:4] == 0).all()
    assert (labels[4:, :10] == 1).all()
    assert (labels[4:, 10:] == 2).all()


@pytest.mark.parametrize("size", [(49, 61), (48, 60), (50, 63)])
def test_scores_of_a_smaller_picture_give_labels_of_the_larger(size: tuple[int, int]) -> None:
    full = np.zeros((*size, 3), np.uint8)
    small = shrunk(full, 3)
    labels = labels_of(two_halves(*small.shape[:2]), small, full, 3, 0)
    assert labels.shape == size
    middle = small.shape[1] // 2 * 3
    assert (labels[-1, : middle - 2] == 1).all()
    assert (labels[-1, middle + 2 :] == 2).all()


def test_a_border_moves_to_the_edge_nearby() -> None:
    picture = np.zeros((40, 40, 3), np.uint8)
    picture[:, 22:] = 200
    labels = labels_of(two_halves(40, 40), picture, picture, 1, 4)
    assert (labels[20:, :21] == 1).all()
    assert (labels[20:, 23:] == 2).all()


def test_stripes_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (37, 29, 3), dtype=np.uint8)
    at_once = labels_of(two_halves(19, 15), shrunk(picture, 2), picture, 2, 2)
    monkeypatch.setattr(edges, "STRIPE", 29 * 5)
    assert (labels_of(two_halves(19, 15), shrunk(picture, 2), picture, 2, 2) == at_once).all()


def test_nobody_is_background() -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    scores = ClassScores(np.zeros((3, 8, 8), np.float32), np.zeros((8, 8), np.float32))
    assert not labels_of(scores, picture, picture, 1, 2).any()


def test_shrinking_averages_and_repeats_the_edge() -> None:
    picture = np.zeros((3, 5, 3), np.uint8)
    picture[0, 0] = 100
    picture[:, 4] = 60
    small = shrunk(picture, 2)
    assert small.shape == (2, 3, 3)
    assert small[0, 0, 0] == 25
    assert small[1, 2, 0] == 60
    assert shrunk(picture, 1) is picture
