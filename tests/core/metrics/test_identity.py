"""Embedding distances, and faces brought onto the template."""

import math

import pytest
import torch

from reenactor.metrics.identity import (
    FACE_POINTS,
    aed,
    aligned,
    cosine,
    face_points,
    false_faces,
    similarity_transform,
)


def face(at: torch.Tensor) -> torch.Tensor:
    """70 points of which the five that count lie at `at`."""
    points = torch.zeros(70, 3)
    for part, place in zip(
        (slice(36, 42), slice(42, 48), slice(30, 31), slice(48, 49), slice(54, 55)), at, strict=True
    ):
        points[part, :2] = place
        points[part, 2] = 1
    return points


def test_distances_by_hand() -> None:
    a, b = torch.tensor([[1.0, 2, 2]]), torch.tensor([[1.0, 0, 0]])
    assert aed(a, b).tolist() == [8]
    assert cosine(a, b).tolist() == pytest.approx([1 / 3])
    assert cosine(a, a).tolist() == [1]
    assert aed(a, a).tolist() == [0]
    assert cosine(a, -a).tolist() == [-1]


def test_a_turned_and_enlarged_face_comes_back() -> None:
    angle = math.radians(25)
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    there = FACE_POINTS @ turn.T * 1.7 + torch.tensor([60.0, 20])
    matrix = similarity_transform(there, FACE_POINTS).float()
    assert torch.allclose(there @ matrix[:, :2].T + matrix[:, 2], FACE_POINTS, atol=1e-3)
    picture = torch.zeros(3, 260, 260)
    x, y = there[2].round().long().tolist()
    picture[:, y - 3 : y + 4, x - 3 : x + 4] = 1  # the nose
    out = aligned(picture, face(there))
    assert out is not None
    assert out.shape == (3, 112, 112)
    row, column = divmod(int(out[0].argmax()), 112)
    assert abs(column - 56) <= 3
    assert abs(row - 72) <= 3


def test_no_face() -> None:
    hidden = face(FACE_POINTS)
    hidden[54, 2] = 0
    assert face_points(hidden) is None
    assert aligned(torch.zeros(3, 112, 112), hidden) is None


def test_false_faces_count_only_where_the_truth_shows_none() -> None:
    found, true = torch.tensor([True, False, True, False]), torch.tensor([False, False, True, True])
    values = false_faces(found, true)
    assert values[:2].tolist() == [1, 0]
    assert values[2:].isnan().all()
