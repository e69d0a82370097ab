"""Five labels from 68 points: the right ones at the right places."""

from collections.abc import Sequence

import torch

from reenactor.labels import Label
from reenactor_plugins.frame_renderer.b2f.face_labels import (
    FACE_LABELS,
    NUM_CHANNELS,
    with_face_labels,
)

BROWS, EYES, NOSE, LIPS, MOUTH = range(22, 27)


def face() -> torch.Tensor:
    """A schematic face in 100 x 100 pixels, every feature a simple figure; confidence 1."""
    points = torch.zeros(1, 70, 3)
    points[..., 2] = 1

    def put(which: range, xy: Sequence[tuple[float, float]]) -> None:
        points[0, list(which), :2] = torch.tensor(xy).float()

    put(range(17, 22), [(20 + 5 * i, 25) for i in range(5)])
    put(range(22, 27), [(60 + 5 * i, 25) for i in range(5)])
    put(range(27, 31), [(50, 40 + 5 * i) for i in range(4)])
    put(range(31, 36), [(40 + 5 * i, 60) for i in range(5)])
    put(range(36, 42), [(20, 40), (26, 36), (34, 36), (40, 40), (34, 44), (26, 44)])
    put(range(42, 48), [(60, 40), (66, 36), (74, 36), (80, 40), (74, 44), (66, 44)])
    outer = [(30, 80), (36, 76), (43, 74), (50, 74), (57, 74), (64, 76), (70, 80),
             (64, 86), (57, 88), (50, 88), (43, 88), (36, 86)]  # fmt: skip
    put(range(48, 60), outer)
    inner = [(36, 80), (44, 79), (50, 79), (56, 79), (64, 80), (56, 84), (50, 84), (44, 84)]
    put(range(60, 68), inner)
    return points


def drawn(points: torch.Tensor) -> torch.Tensor:
    skin = torch.full((1, 100, 100), Label.FACE, dtype=torch.uint8)
    return with_face_labels(skin, points)[0]


def test_27_channels() -> None:
    assert NUM_CHANNELS == 27
    assert len(FACE_LABELS) == 5


def test_every_feature_is_where_its_points_are() -> None:
    labels = drawn(face())
    for (x, y), label in {
        (30, 25): BROWS, (70, 25): BROWS, (30, 40): EYES, (70, 40): EYES, (50, 55): NOSE,
        (50, 76): LIPS, (50, 87): LIPS, (33, 80): LIPS, (50, 82): MOUTH,
        (50, 30): Label.FACE, (50, 95): Label.FACE, (5, 50): Label.FACE,
    }.items():  # fmt: skip
        assert int(labels[y, x]) == label, (x, y)


def test_areas_are_those_of_the_outlines() -> None:
    """By the shoelace formula, within the half pixel that a drawn outline is wider."""
    labels = drawn(face())

    def area(indices: range) -> float:
        x, y = face()[0, list(indices), :2].T
        return abs(float((x * y.roll(-1) - y * x.roll(-1)).sum())) / 2

    mouth = area(range(60, 68))
    assert abs(int((labels == MOUTH).sum()) - mouth) < 45  # perimeter 60
    eyes = area(range(36, 42)) + area(range(42, 48))
    assert abs(int((labels == EYES).sum()) - eyes) < 60  # perimeter 2 * 45
    lips = area(range(48, 60)) - mouth
    assert abs(int((labels == LIPS).sum()) - lips) < 60  # perimeter 90 outside, -60 inside


def test_what_is_not_seen_is_not_drawn() -> None:
    points = face()
    points[0, 37, 2] = 0.05  # one point of the person's right eye
    labels = drawn(points)
    assert int(labels[40, 30]) == Label.FACE
    assert int(labels[40, 70]) == EYES
    assert torch.equal(drawn(torch.zeros(1, 70, 3)), torch.full((100, 100), Label.FACE).byte())
    points[...] = torch.nan
    assert int(drawn(points).max()) == Label.FACE


def test_the_given_parsing_stays() -> None:
    skin = torch.full((1, 100, 100), Label.FACE, dtype=torch.uint8)
    with_face_labels(skin, face())
    assert int(skin.max()) == Label.FACE
