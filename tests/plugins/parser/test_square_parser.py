"""From a square to a picture and back, and who is meant."""

import cv2
import numpy as np
import pytest

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.testing.cartoon import Drawn
from reenactor_plugins.parser.square_parser import (
    SquareParser,
    best_of,
    part_around,
    seen,
    to_square,
)

NAMES = ("background", "upper-clothes", "torso-skin")
NO_FACE = np.zeros((70, 3))


def by_colour(picture: np.ndarray) -> np.ndarray:
    """A network that calls dark pixels background, red ones clothes and green ones skin."""
    red, green = (picture[..., c].astype(np.float32) for c in (0, 1))
    return np.stack([np.full_like(red, 100), red, green])


def standing(x: float, low: float = 20, high: float = 80) -> np.ndarray:
    points = np.zeros((25, 3))
    for joint, y in ((Joint.NOSE, 0.0), (Joint.NECK, 0.15), (Joint.MID_HIP, 0.5)):
        points[joint] = x, low + y * (high - low), 1
    for joint in (Joint.R_HIP, Joint.R_KNEE, Joint.R_ANKLE):
        points[joint] = x, {9: 0.5, 10: 0.75, 11: 1.0}[joint] * (high - low) + low, 1
    return points


@pytest.mark.parametrize("size", [(100, 60), (60, 100), (7, 301), (33, 33)])
def test_the_longer_side_fills_the_square(size: tuple[int, int]) -> None:
    height, width = size
    matrix = to_square(size, 65)
    corners = np.array([[0, 0, 1], [width - 1, height - 1, 1]])
    (x0, y0), (x1, y1) = corners @ matrix.T
    longer = (x0, x1) if width >= height else (y0, y1)
    shorter = (y0, y1) if width >= height else (x0, x1)
    np.testing.assert_allclose(longer, (0, 64), atol=1e-9)
    assert sum(shorter) == pytest.approx(64)  # in the middle


def test_it_is_schps_own_map() -> None:
    # centre c = ((w - 1) / 2, (h - 1) / 2), scale s = the longer of w - 1 and h - 1:
    # three points, c, c - (0, s / 2) and the third at a right angle, to those of the square.
    height, width, side = 301, 201, 473
    c, s = np.array([(width - 1) / 2, (height - 1) / 2]), max(height, width) - 1
    m = np.full(2, (side - 1) / 2)
    source = np.stack([c, c - [0, s / 2], c - [s / 2, s / 2]]).astype(np.float32)
    target = np.stack([m, m - [0, m[0]], m - [m[0], m[0]]]).astype(np.float32)
    expected = cv2.getAffineTransform(source, target)
    np.testing.assert_allclose(to_square((height, width), side), expected, atol=1e-4)


def test_beyond_the_picture_is_black() -> None:
    picture = np.full((65, 33, 3), 200, np.uint8)
    square = seen(picture, to_square((65, 33), 65), 65)
    assert (square[:, 16:49] == 200).all()
    assert not square[:, :15].any()
    assert not square[:, 50:].any()


def test_a_large_picture_is_averaged() -> None:
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[:, ::2] = 200
    square = seen(stripes, to_square((400, 400), 50), 50)
    assert np.abs(square.astype(int) - 100).max() <= 1


def test_logits_are_compared_at_the_pictures_size() -> None:
    # Two classes cross over a third of the way between two pixels of the square.
    logits = np.array([[[1, -2]] * 2, [[0, 0]] * 2], np.float32)
    labels = best_of(logits, to_square((31, 31), 2), (31, 31), (7, 9))
    assert (labels[:, :10] == 7).all()
    assert (labels[:, 11:] == 9).all()


@pytest.mark.parametrize("around", ["person", "picture"])
def test_the_wanted_one_of_two_is_labelled(around: str) -> None:
    picture = np.zeros((100, 160, 3), np.uint8)
    picture[15:85, 25:35, 0] = 255
    picture[15:85, 65:75, 1] = 255  # somebody else, near enough to be in the person's square
    parser = SquareParser(by_colour, NAMES, 97, around)  # type: ignore[arg-type]
    left = parser.labels(picture, standing(30), NO_FACE)
    right = parser.labels(picture, standing(70), NO_FACE)
    assert set(np.unique(left)) == {0, Label.UPPER_CLOTHES}
    assert set(np.unique(right)) == {0, Label.TORSO_SKIN}
    for labels, x in ((left, 25), (right, 65)):
        rows, columns = np.nonzero(labels)
        assert abs(columns.min() - x) <= 1
        assert abs(columns.max() - (x + 9)) <= 1
        assert abs(rows.min() - 15) <= 1
        assert abs(rows.max() - 84) <= 1


def test_nobody_is_background_without_a_look() -> None:
    def never(picture: np.ndarray) -> np.ndarray:
        raise AssertionError("there is nothing to look at")

    picture = np.full((50, 40, 3), 255, np.uint8)
    parser = SquareParser(never, NAMES, 33)
    away = standing(5000)
    unknown = standing(20) * [1, 1, 0]
    broken = standing(20) * np.nan
    for body in (np.zeros((25, 3)), away, unknown, broken):
        assert not parser.labels(picture, body, NO_FACE).any()


def test_the_part_holds_the_person_and_room_for_a_head(drawn: Drawn) -> None:
    for t in range(3):
        labels = drawn.parsing.labels[t].numpy()
        part = part_around(drawn.skeleton.body[t].double().numpy(), labels.shape)
        assert part is not None
        assert (labels[part] > 0).sum() == (labels > 0).sum()


def test_where_a_set_has_no_bare_trunk_the_neck_is_parted() -> None:
    picture = np.zeros((100, 60, 3), np.uint8)
    picture[10:90, 20:40, 0] = 255
    face_only = SquareParser(lambda part: by_colour(part)[:2], ("background", "face"), 97)
    with_trunk = SquareParser(by_colour, ("background", "face", "torso-skin"), 97)
    parted = face_only.labels(picture, standing(30), NO_FACE)
    assert set(np.unique(parted)) == {0, Label.FACE, Label.TORSO_SKIN}
    whole = with_trunk.labels(picture, standing(30), NO_FACE)
    assert set(np.unique(whole)) == {0, Label.FACE}
