import numpy as np
import pytest

from reenactor_plugins.pose_estimator.blazepose.search import FINE, search_squares


def test_the_whole_picture_comes_first_and_alone_unless_thorough() -> None:
    (only,) = list(search_squares(540, 960, thorough=False))
    assert [(roi.x, roi.y, roi.size, roi.angle) for roi in only] == [(480, 270, 960, 0)]


def test_wide_pictures_are_then_searched_in_squares_of_their_height() -> None:
    _, row, _ = list(search_squares(540, 960, thorough=True))
    assert [roi.size for roi in row] == [540] * 3
    assert [roi.x for roi in row] == pytest.approx([270, 480, 690])


def test_square_pictures_go_straight_to_the_fine_squares() -> None:
    whole, fine = list(search_squares(600, 600, thorough=True))
    assert len(whole) == 1
    assert {roi.size for roi in fine} == {FINE * 600}


@pytest.mark.parametrize(
    ("height", "width"), [(540, 960), (960, 540), (700, 600), (1, 1), (5, 900)]
)
def test_squares_cover_the_picture_and_overlap_by_half(height: int, width: int) -> None:
    for squares in list(search_squares(height, width, thorough=True))[1:]:
        side = squares[0].size
        for length, centres in (
            (width, sorted({roi.x for roi in squares})),
            (height, sorted({roi.y for roi in squares})),
        ):
            assert centres[0] - side / 2 <= 0.001
            assert centres[-1] + side / 2 >= length - 0.001
            assert max(np.diff(centres), default=0) <= side / 2 + 0.001


@pytest.mark.parametrize("size", [(3000, 2), (2, 3000), (1, 1), (40, 9000)])
def test_a_strip_is_not_searched_in_thousands_of_squares(size: tuple[int, int]) -> None:
    squares = [roi for some in search_squares(*size, thorough=True) for roi in some]
    assert [roi.size for roi in squares] == [max(size)]
