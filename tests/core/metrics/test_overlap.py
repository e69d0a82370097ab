"""Overlap of labels, counted by hand and against an independent confusion matrix."""

import pytest
import torch
from torch import Tensor

from reenactor.labels import Label
from reenactor.metrics.overlap import (
    DENSE_PARTS,
    PARSING_PARTS,
    binary_counts,
    counts,
    micro_similarity,
    similarity,
    vip_labels,
)
from reenactor.testing.cartoon import Drawn


def small(rows: list[list[int]]) -> Tensor:
    return torch.tensor([rows], dtype=torch.uint8)


A = small([[5, 5, 9, 0], [5, 5, 9, 0]])
B = small([[5, 5, 5, 0], [5, 0, 0, 13]])


def test_by_hand() -> None:
    # Person: 6 pixels and 5 pixels, 4 in both, 7 in any.
    assert float(similarity(binary_counts(A, B))[0]) == pytest.approx(4 / 7)
    # Class 5: 3 of 5; class 9: in one only, 0; class 13: in one only, 0.
    assert float(similarity(counts(A, B, PARSING_PARTS))[0]) == pytest.approx((3 / 5) / 3)


def test_micro_adds_pixels_before_it_divides() -> None:
    both = torch.cat([A, B]), torch.cat([B, B])
    counted = counts(*both, PARSING_PARTS)
    # Class 5: (3 + 4) of (5 + 4); 9: 0 of 2; 13: (0 + 1) of (1 + 1).
    assert micro_similarity(counted) == pytest.approx((7 / 9 + 0 + 1 / 2) / 3)
    assert float(similarity(counted).mean()) == pytest.approx((0.2 + 1) / 2)


def test_nobody_in_both_is_no_figure_and_in_one_is_zero() -> None:
    empty = torch.zeros_like(A)
    assert torch.isnan(similarity(binary_counts(empty, empty))).all()
    assert float(similarity(binary_counts(empty, A))[0]) == 0
    assert float(similarity(counts(A, empty, PARSING_PARTS))[0]) == 0


def test_identity_symmetry_and_growing_shift(drawn: Drawn) -> None:
    labels, part = drawn.parsing.labels, drawn.dense.part
    for truth, parts in ((labels, PARSING_PARTS), (part, DENSE_PARTS)):
        assert torch.allclose(similarity(counts(truth, truth, parts)), torch.ones(4).double())
        means = []
        for pixels in (0, 2, 5, 10):
            moved = torch.roll(truth, pixels, -1)
            there = similarity(counts(moved, truth, parts))
            assert torch.equal(there, similarity(counts(truth, moved, parts)))
            means.append(float(there.mean()))
        assert means == sorted(means, reverse=True)
        assert min(means) >= 0


def test_agrees_with_a_confusion_matrix(drawn: Drawn) -> None:
    truth = drawn.parsing.labels[:1]
    moved = torch.roll(truth, 3, -1)
    matrix = torch.bincount(truth.long().flatten() * 22 + moved.long().flatten(), minlength=484)
    matrix = matrix.reshape(22, 22).double()
    union = matrix.sum(0) + matrix.sum(1) - matrix.diag()
    seen = [c for c in PARSING_PARTS if union[c] > 0]
    expected = torch.stack([matrix[c, c] / union[c] for c in seen]).mean()
    assert torch.allclose(similarity(counts(moved, truth, PARSING_PARTS))[0], expected)


def test_hands_are_arms_in_vip() -> None:
    labels = small([[Label.LEFT_HAND, Label.RIGHT_HAND, Label.FACE]])
    assert vip_labels(labels).tolist() == [[[Label.LEFT_ARM, Label.RIGHT_ARM, Label.FACE]]]
