"""Body shape of people drawn with known widths."""

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor.metrics.body_shape import body_shape, scale_of, shape_difference
from reenactor.testing.cartoon import Drawn

PLACES = {
    Joint.NOSE: (150, 40), Joint.NECK: (150, 80), Joint.MID_HIP: (150, 180),
    Joint.R_SHOULDER: (120, 85), Joint.L_SHOULDER: (180, 85),
    Joint.R_ELBOW: (80, 130), Joint.L_ELBOW: (220, 130),
    Joint.R_WRIST: (60, 180), Joint.L_WRIST: (240, 180),
    Joint.R_HIP: (130, 180), Joint.L_HIP: (170, 180),
    Joint.R_KNEE: (125, 260), Joint.L_KNEE: (175, 260),
    Joint.R_ANKLE: (125, 340), Joint.L_ANKLE: (175, 340),
}  # fmt: skip
HEIGHT = 1.3 * (100 + float(np.hypot(5, 80)) + 80)
SHIFT = 4  # cv2 draws at sixteenths of a pixel


def person(trunk: float, arm: float, leg: float) -> tuple[Tensor, Tensor]:
    """A parsing and key points: trunk, arms and legs as bars of these widths in pixels."""
    body = torch.zeros(1, 25, 3)
    for joint, place in PLACES.items():
        body[0, joint] = torch.tensor([*place, 1.0])
    labels = np.zeros((400, 300), np.uint8)

    def bar(a: Joint, b: Joint, width: float) -> None:
        start, end = np.array(PLACES[a], float), np.array(PLACES[b], float)
        along = (end - start) / np.linalg.norm(end - start)
        across = np.array([-along[1], along[0]]) * width / 2
        corners = np.stack([start + across, end + across, end - across, start - across])
        cv2.fillPoly(labels, [np.round(corners * 2**SHIFT).astype(np.int32)], 5, cv2.LINE_8, SHIFT)

    bar(Joint.NECK, Joint.MID_HIP, trunk)
    for a, b, c in (("SHOULDER", "ELBOW", "WRIST"), ("HIP", "KNEE", "ANKLE")):
        for side in "LR":
            width = arm if a == "SHOULDER" else leg
            bar(Joint[f"{side}_{a}"], Joint[f"{side}_{b}"], width)
            bar(Joint[f"{side}_{b}"], Joint[f"{side}_{c}"], width)
    return torch.from_numpy(labels)[None], body


def test_widths_and_lengths_are_those_drawn() -> None:
    shape = body_shape(*person(62, 14, 24))
    assert shape.height == pytest.approx(HEIGHT)
    expected = {
        "torso width": 62, "upper arm width": 14, "forearm width": 14,
        "thigh width": 24, "shin width": 24,
        "torso length": 100, "shin length": 80, "thigh length": float(np.hypot(5, 80)),
        "upper arm length": float(np.hypot(40, 45)), "forearm length": float(np.hypot(20, 50)),
    }  # fmt: skip
    found = {name: value * HEIGHT for name, value in shape.measures.items()}
    assert found.keys() == expected.keys()
    for name, pixels in expected.items():
        assert found[name] == pytest.approx(pixels, abs=1.6), name


def test_the_difference_is_in_body_heights_and_symmetric() -> None:
    slim, stout = body_shape(*person(62, 14, 24)), body_shape(*person(82, 14, 24))
    assert shape_difference(slim, slim) == 0
    # One of ten measures differs, by 20 pixels.
    assert shape_difference(stout, slim) == pytest.approx(2 / HEIGHT, abs=0.3 / HEIGHT)
    assert shape_difference(stout, slim) == shape_difference(slim, stout)
    widths = [body_shape(*person(w, 14, 24)) for w in (62, 66, 74, 90)]
    differences = [shape_difference(w, slim) for w in widths]
    assert differences == sorted(differences)


def test_scale_does_not_matter() -> None:
    labels, body = person(62, 14, 24)
    large = torch.from_numpy(cv2.resize(labels[0].numpy(), (600, 800), interpolation=0))[None]
    twice = body * torch.tensor([2.0, 2.0, 1.0])
    assert shape_difference(body_shape(large, twice), body_shape(labels, body)) < 0.004
    double = body_shape(large, twice, torch.tensor([2.0]))
    assert double.height == pytest.approx(HEIGHT)


def test_scale_of_a_window() -> None:
    maps = torch.tensor([[[2.0, 0, 7], [0, 2.0, 9]], [[0.5, 0, 0], [0, 0.5, 0]]])
    assert scale_of(maps).tolist() == pytest.approx([2, 0.5])


def test_an_arm_in_front_of_the_trunk_measures_neither() -> None:
    labels, body = person(62, 14, 24)
    body[0, Joint.R_ELBOW, :2] = torch.tensor([145.0, 120])
    body[0, Joint.R_WRIST, :2] = torch.tensor([155.0, 160])
    measures = body_shape(labels, body).measures
    assert "torso width" not in measures
    assert "forearm width" in measures  # the left one is still there


def test_nobody_and_the_drawn_dancer(drawn: Drawn) -> None:
    nothing = body_shape(torch.zeros(2, 40, 30, dtype=torch.uint8), torch.zeros(2, 25, 3))
    assert not nothing.measures
    assert np.isnan(shape_difference(nothing, nothing))
    dancer = body_shape(drawn.parsing.labels, drawn.skeleton.body)
    assert 0.1 < dancer.measures["torso width"] < 0.35
    assert shape_difference(dancer, dancer) == 0
