"""Packing and holes."""

import numpy as np
import pytest
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


def limbs(**joints: tuple[float, float]) -> Skeleton:
    skeleton = Skeleton.empty(1)
    for name, (x, y) in joints.items():
        skeleton.body[0, Joint[name]] = torch.tensor([x, y, 1.0])
    return skeleton


def test_height_from_whatever_is_seen() -> None:
    """Standing height is 3.4 torsos, 2.1 legs, 1.3 times both, or 4 widths of the shoulders."""
    leg = {"L_HIP": (0.0, 0.0), "L_KNEE": (30.0, 40.0), "L_ANKLE": (30.0, 90.0)}
    assert body_height(limbs(**leg)) == pytest.approx(100 * 2.1)
    torso = {"NECK": (0.0, -50.0), "MID_HIP": (0.0, 0.0)}
    assert body_height(limbs(**leg, **torso)) == pytest.approx(100 * 2.1)
    long = {**torso, "NECK": (0.0, -78.0)}
    assert body_height(limbs(**leg, **long)) == pytest.approx(78 * 3.4)
    between = {**torso, "NECK": (0.0, -65.0)}
    assert body_height(limbs(**leg, **between)) == pytest.approx(65 * 3.4)
    thigh = {name: leg[name] for name in ("L_HIP", "L_KNEE")}
    assert body_height(limbs(**thigh)) == pytest.approx(50 * 2.1)
    shoulders = {"L_SHOULDER": (20.0, 0.0), "R_SHOULDER": (-20.0, 0.0)}
    assert body_height(limbs(**shoulders)) == pytest.approx(40 * 4)
    hidden = limbs(**leg)
    hidden.body[0, Joint.L_KNEE, 2] = 0.01
    assert body_height(hidden) == 0


@pytest.mark.parametrize("enlarged", [1, 4])
def test_a_silhouette_lies_in_its_square_in_a_frame_that_is_taller_than_wide(enlarged: int) -> None:
    """Its upper left quarter alone is the person, away from all bones."""
    person = torso(60.0)
    person.body[..., :2] *= enlarged
    mask = torch.zeros(1, 1, 16, 16)
    mask[..., :8, :8] = 1
    square = torch.tensor([[20.0, 200, 100, 280]]) * enlarged - 0.5
    there = hole((300 * enlarged, 120 * enlarged), person, pack(mask), square)
    assert there.shape == (300 * enlarged, 120 * enlarged)
    low = there[170 * enlarged :]
    rows, columns = np.nonzero(low)
    margin = 0.025 * 60 * 3.4
    edges = (20 - margin, 60 + margin, 200 - margin - 170, 240 + margin - 170)
    found = columns.min(), columns.max(), rows.min(), rows.max()
    np.testing.assert_allclose(np.array(found) / enlarged, edges, atol=3.5)
