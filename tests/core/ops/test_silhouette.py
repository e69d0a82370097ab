"""Packing and holes."""

import numpy as np
import torch

from reenactor.joints import Joint
from reenactor.ops.silhouette import body_height, hole, pack, unpack
from reenactor.values import Skeleton


def torso(x: float = 100.0) -> Skeleton:
    skeleton = Skeleton.empty(1)
    skeleton.body[0, Joint.NECK] = torch.tensor([x, 60.0, 1.0])
    skeleton.body[0, Joint.MID_HIP] = torch.tensor([x, 120.0, 1.0])
    return skeleton


NO_MASK = torch.zeros(1, 0, 0, dtype=torch.uint8)


def test_packing_is_lossless_at_one_bit() -> None:
    mask = torch.rand(3, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    bits = pack(mask)
    assert bits.shape == (3, 16, 2)
    assert torch.equal(unpack(bits), mask[:, 0] > 0.5)


def test_height_from_the_torso_alone() -> None:
    assert body_height(torso()) == 60 * 3.4
    assert body_height(Skeleton.empty(1)) == 0


def test_a_hole_follows_the_bones_and_the_silhouette() -> None:
    bones = hole((200, 300), torso(), NO_MASK, torch.zeros(1, 4))
    assert bones[90, 100]
    assert not bones[90, 200]
    # A silhouette that fills the square from (180, 50) to (220, 90) is added at its place.
    full = pack(torch.ones(1, 1, 8, 8))
    both = hole((200, 300), torso(), full, torch.tensor([[180.0, 50, 220, 90]]))
    rows, columns = np.nonzero(both & ~bones)
    margin = round(0.025 * 60 * 3.4)
    assert columns.min() in range(180 - margin - 2, 180 - margin + 3)
    assert columns.max() in range(220 + margin - 3, 220 + margin + 3)
    assert rows.max() in range(90 + margin - 3, 90 + margin + 3)


def test_nobody_leaves_no_hole_and_a_person_outside_does_not_crash() -> None:
    assert not hole((50, 50), Skeleton.empty(1), NO_MASK, torch.zeros(1, 4)).any()
    full = pack(torch.ones(1, 1, 8, 8))
    outside = hole((50, 50), torso(1000.0), full, torch.tensor([[900.0, 0, 950, 50]]))
    assert not outside.any()


def test_a_hole_reaches_around_bones_by_flesh_and_margin_in_body_heights() -> None:
    """0.055 for flesh and clothes, 0.025 for hair and soft edges, on each side of the bone."""
    for enlarged in (1, 4):  # a large person's hole is drawn small and enlarged
        person = torso()
        person.body[..., :2] *= enlarged
        reach = 0.08 * 60 * 3.4 * enlarged
        there = hole((200 * enlarged, 300 * enlarged), person, NO_MASK, torch.zeros(1, 4))
        columns = np.flatnonzero(there[90 * enlarged])
        assert abs(columns.min() - (100 * enlarged - reach)) <= 2 * enlarged
        assert abs(columns.max() - (100 * enlarged + reach)) <= 2 * enlarged
        rows = np.flatnonzero(there[:, 100 * enlarged])
        assert abs(rows.min() - (60 * enlarged - reach)) <= 2 * enlarged
        assert abs(rows.max() - (120 * enlarged + reach)) <= 2 * enlarged
