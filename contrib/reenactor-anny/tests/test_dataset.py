"""The dataset `anny`: what it says of its people fits together."""

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.motion_file import save_motion
from reenactor.runtime import Runtime
from reenactor.training.dataset import Shot
from reenactor.values import Clip, Motion, Skeleton
from reenactor_anny.dataset.clearance import Trunk
from reenactor_anny.dataset.component import AnnyPeople
from reenactor_anny.dataset.grid import pose_numbers
from reenactor_anny.dataset.kinematics import pose_bones
from reenactor_anny.dataset.poses import Poses
from reenactor_anny.dataset.posture import made_up
from reenactor_anny.measures import Form
from reenactor_anny.options import AnnyOptions
from reenactor_anny.turning import CAMERA

LIMBS = (
    (Joint.L_HIP, Joint.L_KNEE),
    (Joint.L_KNEE, Joint.L_ANKLE),
    (Joint.R_HIP, Joint.R_KNEE),
    (Joint.R_KNEE, Joint.R_ANKLE),
)
INNER = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)


def _no_weights(weight: object) -> Path:
    raise AssertionError("this dataset needs no weights")


RUNTIME = Runtime(weight=_no_weights)


@pytest.fixture(scope="module")
def people() -> AnnyPeople:
    """Three bodies in the same two poses."""
    return AnnyPeople(
        AnnyOptions(bodies=3, poses_each=2, sharing=3, height=192, width=120, seed=4), RUNTIME
    )


@pytest.fixture(scope="module")
def shots(people: AnnyPeople) -> list[Shot]:
    return [people.shots(index)[0] for index in range(6)]


def test_poses_are_dealt_evenly_and_differ_for_each_body() -> None:
    dealt = pose_numbers(AnnyOptions(bodies=100, poses_each=8, sharing=6))
    assert all(len(set(hand)) == 8 for hand in dealt)
    used = Counter(number for hand in dealt for number in hand)
    assert len(used) == 134  # 800 places, six of them to a pose
    assert min(used.values()) >= 3
    assert max(used.values()) <= 9


def test_made_up_postures_have_human_knees_and_elbows() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        joints = made_up(rng).joints
        hips = joints[Joint.L_HIP] - joints[Joint.R_HIP]
        for hip, knee, ankle in ((12, 13, 14), (9, 10, 11)):
            thigh, shin = joints[knee] - joints[hip], joints[ankle] - joints[knee]
            # The shin turns backward about the body's left: never forward.
            assert np.cross(thigh, shin) @ hips >= -1e-3


def test_a_mirrored_posture_mirrored_is_the_posture() -> None:
    posture = made_up(np.random.default_rng(1))
    again = posture.mirrored().mirrored()
    np.testing.assert_allclose(again.joints, posture.joints)
    np.testing.assert_allclose(again.hands, posture.hands)


def test_a_view_depends_on_its_number_only() -> None:
    first, second = Poses(AnnyOptions()), Poses(AnnyOptions())
    second.view(3)
    np.testing.assert_array_equal(first.view(7).posture.joints, second.view(7).posture.joints)


def test_dances_of_motion_files_are_taken(tmp_path: Path) -> None:
    joints = made_up(np.random.default_rng(2)).joints @ CAMERA.T  # as a motion file has them
    save_motion(_motion(torch.from_numpy(joints).float().repeat(3, 1, 1)), tmp_path / "a.motion")
    options = AnnyOptions(poses=(tmp_path,), made_up=0, mirror=False, yaw=0)
    found = Poses(options).view(0).posture.joints @ CAMERA.T
    thigh, given = found[Joint.L_KNEE] - found[Joint.L_HIP], joints[13] - joints[12]
    assert thigh @ given / np.linalg.norm(thigh) / np.linalg.norm(given) > 0.95


def test_motions_without_depth_are_refused(tmp_path: Path) -> None:
    save_motion(_motion(None), tmp_path / "flat.motion")
    with pytest.raises(InputError, match="joints in space"):
        Poses(AnnyOptions(poses=(tmp_path / "flat.motion",)))


def _motion(world: Any) -> Motion:
    seen = torch.ones(3, 25, 3)
    clip = Clip(torch.arange(3), Fraction(1, 30), Fraction(30), (64, 64), "a", "0" * 64)
    return Motion(
        clip,
        Skeleton(seen, torch.zeros(3, 2, 21, 3), torch.zeros(3, 70, 3), world),
        torch.ones(3, dtype=torch.bool),
        torch.zeros(3, 4),
        torch.zeros(3, 0, 0, dtype=torch.uint8),
        torch.zeros(3, 4),
    )


def test_names_follow_the_grid(people: AnnyPeople, shots: list[Shot]) -> None:
    names = people.names()
    assert len(names) == len(set(names)) == 6
    for name, shot in zip(names, shots, strict=True):
        assert name == f"{shot.person}/{shot.pose}"


def test_an_item_is_the_same_whatever_came_before(people: AnnyPeople, shots: list[Shot]) -> None:
    people.shots(5)
    people._kept.clear()  # the body must be made anew
    again = people.shots(2)[0]
    assert torch.equal(again.picture.pixels, shots[2].picture.pixels)
    assert again.parsing is not None
    assert shots[2].parsing is not None
    assert torch.equal(again.parsing.labels, shots[2].parsing.labels)
    assert torch.equal(_skeleton(again).body, _skeleton(shots[2]).body)


def test_one_pose_has_the_same_directions_on_all_bodies(shots: list[Shot]) -> None:
    pose = shots[0].pose
    same = [shot for shot in shots if shot.pose == pose]
    assert len(same) == 3
    for first, second in LIMBS:
        ways = torch.stack([w[second] - w[first] for w in (_world(shot) for shot in same)])
        ways = ways / ways.norm(dim=1, keepdim=True)
        assert (ways @ ways[0] > np.cos(np.radians(1))).all()


def test_joints_lie_on_the_person(shots: list[Shot]) -> None:
    for shot in shots:
        labels = _labels(shot)
        body = _skeleton(shot).body[0]
        for joint in INNER:
            x, y = body[joint, :2].round().int().tolist()
            assert labels[y, x] > 0


def test_hands_are_labelled_where_their_key_points_are(shots: list[Shot]) -> None:
    checked = 0
    for shot in shots:
        labels, hands = _labels(shot), _skeleton(shot).hands[0]
        for hand, own, other in (
            (hands[0], Label.LEFT_HAND, Label.RIGHT_HAND),
            (hands[1], Label.RIGHT_HAND, Label.LEFT_HAND),
        ):
            clear = hand[hand[:, 2] > 0.85][:, :2].round().long()
            if len(clear) < 15 or (labels == int(Label.GLOVES)).any():
                continue
            found = labels[clear[:, 1], clear[:, 0]]
            assert (found == int(own)).float().mean() > 0.5
            assert (found == int(other)).float().mean() < 0.2
            checked += 1
    assert checked >= 3


def test_dense_parts_agree_with_the_parsing(shots: list[Shot]) -> None:
    pairs = {
        Label.LEFT_HAND: {4, 19, 21}, Label.RIGHT_HAND: {3, 20, 22}, Label.FACE: {23, 24},
        Label.LEFT_LEG: {8, 10, 12, 14, 5}, Label.RIGHT_LEG: {7, 9, 11, 13, 6},
    }  # fmt: skip
    for shot in shots:
        assert shot.dense is not None
        labels, parts = _labels(shot), shot.dense.part[0]
        for label, allowed in pairs.items():
            mine = parts[labels == int(label)]
            if len(mine) > 20:
                fits = torch.isin(mine, torch.tensor(sorted(allowed), dtype=torch.uint8))
                assert fits.float().mean() > 0.9, label
        assert float(shot.dense.uv.min()) >= 0
        assert float(shot.dense.uv.max()) <= 1


def test_a_heavier_body_is_broader(people: AnnyPeople) -> None:
    bodies = [
        people._figures().shop.make({"age": 0.67, "weight": weight, "muscle": 0.2})
        for weight in (0.0, 1.2)
    ]
    slim, broad = (Trunk.of(Form.of(body)).wide.mean() for body in bodies)
    assert broad > 1.2 * slim


def test_a_mirrored_posture_gives_a_mirrored_skeleton(people: AnnyPeople) -> None:
    figure = people._figure(0)
    body = figure.person.body
    posture = made_up(np.random.default_rng(5))
    both = [pose_bones(body, figure.trunk, p) for p in (posture, posture.mirrored())]
    for bone in ("lowerarm01", "wrist", "finger3-3", "lowerleg01", "foot", "toe2-1"):
        left = both[0].places[body.index(f"{bone}.L")]
        right = both[1].places[body.index(f"{bone}.R")]
        np.testing.assert_allclose(left * [-1, 1, 1], right, atol=2e-3)


def test_everybody_is_whole_in_the_picture(shots: list[Shot]) -> None:
    for shot in shots:
        labels = _labels(shot)
        edge = torch.cat([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        assert not edge.any()
        rows = (labels > 0).any(1).nonzero()
        columns = (labels > 0).any(0).nonzero()
        tall = float(rows.max() - rows.min()) / labels.shape[0]
        wide = float(columns.max() - columns.min()) / labels.shape[1]
        assert max(tall, wide) > 0.8


def test_the_dense_pose_may_be_left_to_the_estimator(people: AnnyPeople) -> None:
    without = AnnyPeople(people.options.model_copy(update={"dense": "found"}), RUNTIME)
    without._made = people._figures()
    assert without.shots(0)[0].dense is None


def test_the_background_is_what_is_seen_beside_the_person(shots: list[Shot]) -> None:
    for shot in shots:
        assert shot.background is not None
        person = _labels(shot) > 0
        near = torch.nn.functional.max_pool2d(person[None, None].float(), 5, 1, 2)[0, 0] > 0
        picture = shot.picture.pixels[0]
        assert torch.equal(picture[~near], shot.background[0][~near])
        differs = (picture != shot.background[0]).any(-1)
        assert differs[person].float().mean() > 0.95


def test_garments_of_a_second_seed_are_others(people: AnnyPeople, shots: list[Shot]) -> None:
    other = AnnyPeople(people.options.model_copy(update={"seed": 5}), RUNTIME)
    assert not torch.equal(other.shots(0)[0].picture.pixels, shots[0].picture.pixels)


def _skeleton(shot: Shot) -> Skeleton:
    assert shot.skeleton is not None
    return shot.skeleton


def _world(shot: Shot) -> torch.Tensor:
    world = _skeleton(shot).world
    assert world is not None
    return world[0]


def _labels(shot: Shot) -> torch.Tensor:
    assert shot.parsing is not None
    return shot.parsing.labels[0]
