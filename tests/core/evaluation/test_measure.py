"""Pieces of a video, and gaps in it."""

import math
from pathlib import Path

import torch

from reenactor.evaluation.annotation import Annotations
from reenactor.evaluation.chart import curves, legend
from reenactor.evaluation.comparison import Comparison, TargetSeen
from reenactor.evaluation.crops import CHUNK, Crops
from reenactor.evaluation.measure import pieces
from reenactor.metrics.body_shape import Shape
from reenactor.values import Skeleton, Window


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


def test_key_points_of_moving_crops_are_laid_on_the_video() -> None:
    """The crop is enlarged twice and moves to the right; frame 1 is missing."""
    body = torch.zeros(2, 25, 3)
    body[:, 0] = torch.tensor([10.0, 20.0, 0.9])
    blank, nobody = torch.zeros(2, 80, 40, dtype=torch.uint8), torch.zeros(2, dtype=torch.bool)
    found = Annotations(
        blank, blank, body, torch.zeros(2, 2, 21, 3), ~nobody, nobody, torch.zeros(0, 1)
    )
    box = torch.tensor([[x - 0.5, -0.5, x + 19.5, 39.5] for x in (0.0, 5.0, 30.0)])
    comparison = Comparison(
        Crops(Path(), (0, 2)), found, None, None, (0, 2),
        TargetSeen(Shape({}, math.nan), torch.zeros(0, 1)),
        Skeleton.empty(3), Window(box, (80, 40)), torch.zeros(3), 25.0,
    )  # fmt: skip
    laid = comparison.found_in_video()
    # Pixel centres are whole numbers: (10 + 0.5) / 2 - 0.5, and 30 further for frame 2.
    torch.testing.assert_close(laid[:, 0], torch.tensor(
        [[4.75, 9.75, 0.9], [0.0, 0.0, 0.0], [34.75, 9.75, 0.9]]
    ))  # fmt: skip


def test_curves_break_where_nothing_was_measured() -> None:
    svg = curves("a <b>", {"x": [0, 1, 2, 3]}, {"x": [0.0, math.nan, 1.0, 0.5]})
    assert svg.count("M") == 3  # the axis, frame 0, and frame 2 after the gap
    assert "a &lt;b&gt;" in svg
    assert "http" not in svg
    assert curves("nothing", {"x": [0]}, {"x": [math.nan]}) == ""
    assert "<b>" not in legend(["<b>"])
