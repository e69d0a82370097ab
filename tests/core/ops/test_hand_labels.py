"""The hand classes: areas against closed forms, and what is left alone."""

from math import pi

import numpy as np
import pytest
import torch

from reenactor.joints import HAND_BONES
from reenactor.labels import Label
from reenactor.ops.hand_labels import FINGER_WIDTH, MINIMUM, draw_hands, hand_mask

SIZE = (300, 400)


def in_a_line(length: float) -> np.ndarray:
    """A hand whose key points all lie on one line, wrist first, as if seen edge-on."""
    points = np.zeros((21, 3), np.float32)
    points[:, 1] = 150
    points[:, 2] = 1
    for a, b in HAND_BONES:
        share = (b - 1) % 4 + 1
        points[b, 0] = 60 + length * share / 4
        assert points[a, 0] <= points[b, 0] or a == 0
    points[0, 0] = 60
    return points


def open_hand() -> np.ndarray:
    """A square palm of 80 pixels; the fingers stand on it, each 60 long and 20 apart."""
    points = np.ones((21, 3), np.float32)
    points[0, :2] = 200, 200
    points[1:5, 0], points[1:5, 1] = 240, [200, 199, 198, 197]
    for finger, x in enumerate((240, 220, 180, 160)):
        points[5 + 4 * finger : 9 + 4 * finger, 0] = x
        points[5 + 4 * finger : 9 + 4 * finger, 1] = [120, 100, 80, 60]
    return points


def test_a_line_is_a_stadium() -> None:
    length = 200.0
    width = FINGER_WIDTH * length / 4  # of the wrist to the middle finger's knuckle
    area = length * width + pi * width**2 / 4
    assert hand_mask(in_a_line(length), SIZE).sum() == pytest.approx(area, rel=0.04)


def test_a_palm_is_filled_and_fingers_are_apart() -> None:
    mask = hand_mask(open_hand(), SIZE)
    palm = np.array([[200, 200], [240, 200], [240, 120], [160, 120]], float)
    x, y = palm.T
    area = abs(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1))) / 2
    assert mask[121:200].sum() >= area * 0.95
    assert mask[160, 200]
    assert mask[80, 220]
    assert not mask[80, 200]  # between two fingers


def test_left_is_first_and_what_was_there_stays_elsewhere() -> None:
    labels = torch.full((2, *SIZE), int(Label.UPPER_CLOTHES), dtype=torch.uint8)
    hands = torch.zeros(2, 2, 21, 3)
    hands[0, 0] = torch.from_numpy(open_hand())
    hands[1, 1] = torch.from_numpy(open_hand())
    drawn = draw_hands(labels, hands)
    mask = torch.from_numpy(hand_mask(open_hand(), SIZE))
    assert (drawn[0][mask] == Label.LEFT_HAND).all()
    assert (drawn[1][mask] == Label.RIGHT_HAND).all()
    assert (drawn[:, ~mask] == Label.UPPER_CLOTHES).all()
    assert (labels == Label.UPPER_CLOTHES).all()


def test_hands_that_are_not_seen_are_not_drawn() -> None:
    points = open_hand()
    points[MINIMUM - 1 :, 2] = 0
    assert not hand_mask(points, SIZE).any()
    assert not hand_mask(np.zeros((21, 3), np.float32), SIZE).any()


def test_points_that_are_not_seen_are_left_out() -> None:
    points = open_hand()
    points[8] = 390, 290, 0
    mask = hand_mask(points, SIZE)
    assert not mask[250:].any()


def test_a_hand_outside_the_picture_is_no_error() -> None:
    points = open_hand()
    points[:, 0] += 1e7
    assert not hand_mask(points, SIZE).any()


def test_no_frames() -> None:
    labels = torch.zeros(0, 4, 4, dtype=torch.uint8)
    assert draw_hands(labels, torch.zeros(0, 2, 21, 3)).shape == (0, 4, 4)
