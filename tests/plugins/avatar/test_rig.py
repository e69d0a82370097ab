"""The shipped rig's data."""

import hashlib
from pathlib import Path

import numpy as np

from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.skull import HEIGHT, WIDTH, unwrapped
from reenactor_plugins.avatar.weights import RIG


def test_the_file_is_the_declared_one(rig_file: Path) -> None:
    content = rig_file.read_bytes()
    assert len(content) == RIG.size < 1_000_000
    assert hashlib.sha256(content).hexdigest() == RIG.sha256


def test_parts_are_whole(rig: AnnyRig) -> None:
    for points, faces in ((rig.head, rig.head_faces), (rig.hand, rig.hand_faces)):
        assert np.isfinite(points).all()
        assert np.array_equal(np.unique(faces), np.arange(len(points)))
    np.testing.assert_allclose(rig.shares.sum(1), 1, atol=2e-3)
    np.testing.assert_allclose(rig.joints[0], 0)


def test_outlines_are_convex_and_as_wide_as_a_person(rig: AnnyRig) -> None:
    """In trunk lengths, about half a metre: 32 to 48 cm at the shoulders, depth below width."""
    after = np.roll(rig.trunk, -1, 1) - rig.trunk
    before = rig.trunk - np.roll(rig.trunk, 1, 1)
    cross = before[..., 0] * after[..., 1] - before[..., 1] * after[..., 0]
    size = np.linalg.norm(before, axis=-1) * np.linalg.norm(after, axis=-1)
    assert (np.sign(np.median(cross)) * cross / size > -0.15).all()
    width, depth = np.ptp(rig.trunk[..., 0], axis=1), np.ptp(rig.trunk[..., 1], axis=1)
    shoulders = np.abs(rig.levels).argmin()
    assert 0.65 < width[shoulders] < 0.95
    assert (depth[rig.levels > 0] < width[rig.levels > 0]).all()


def test_the_texture_has_room_for_every_vertex_and_no_face_crosses_it(rig: AnnyRig) -> None:
    layout = unwrapped(rig)
    assert layout.place.min() >= 0
    assert (layout.place < [2 * WIDTH + 0.01, HEIGHT]).all()
    corners = layout.place[layout.faces, 0]
    spots = rig.head[layout.faces % len(rig.head)] - [0, 0, -0.02]
    outer = np.hypot(spots[..., 0], spots[..., 2]).min(1) > 0.04  # off the crown and the mouth
    assert np.ptp(corners[outer], axis=1).max() < WIDTH / 8
