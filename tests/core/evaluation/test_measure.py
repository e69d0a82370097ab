"""Pieces of a video, and gaps in it."""

import math

from reenactor.evaluation.chart import curves, legend
from reenactor.evaluation.crops import CHUNK
from reenactor.evaluation.measure import pieces


def test_pieces_are_unbroken_and_remember_the_frame_before() -> None:
    scored = [*range(3), *range(5, 5 + CHUNK + 4)]
    assert list(pieces(scored)) == [
        ((0, 1, 2), ()),
        (tuple(range(5, 5 + CHUNK)), ()),
        (tuple(range(5 + CHUNK, 9 + CHUNK)), (4 + CHUNK,)),
    ]
    assert list(pieces([])) == []


def test_a_gap_at_the_end_of_a_full_piece() -> None:
    scored = [*range(CHUNK), CHUNK + 1]
    assert [before for _, before in pieces(scored)] == [(), ()]


def test_curves_break_where_nothing_was_measured() -> None:
    svg = curves("a <b>", {"x": [0, 1, 2, 3]}, {"x": [0.0, math.nan, 1.0, 0.5]})
    assert svg.count("M") == 3  # the axis, frame 0, and frame 2 after the gap
    assert "a &lt;b&gt;" in svg
    assert "http" not in svg
    assert curves("nothing", {"x": [0]}, {"x": [math.nan]}) == ""
    assert "<b>" not in legend(["<b>"])
