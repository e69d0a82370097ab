"""The mannequin puts DensePose's part numbers where they belong."""

import math

import pytest
import torch

from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.values import Dense, Frames, Skeleton
from reenactor_plugins.pose_estimator.mannequin.component import Mannequin
from reenactor_plugins.pose_estimator.mannequin.options import MannequinOptions

METRES = {
    Joint.NOSE: (0, -0.70, -0.12), Joint.NECK: (0, -0.50, 0), Joint.MID_HIP: (0, 0, 0),
    Joint.L_SHOULDER: (0.17, -0.48, 0), Joint.L_ELBOW: (0.28, -0.24, 0),
    Joint.L_WRIST: (0.36, -0.02, -0.02), Joint.L_HIP: (0.10, 0, 0), Joint.L_KNEE: (0.12, 0.42, 0),
    Joint.L_ANKLE: (0.13, 0.82, 0.02), Joint.L_EYE: (0.03, -0.73, -0.10),
    Joint.L_EAR: (0.08, -0.71, -0.01), Joint.L_BIG_TOE: (0.14, 0.88, -0.16),
    Joint.L_SMALL_TOE: (0.19, 0.88, -0.13), Joint.L_HEEL: (0.12, 0.88, 0.05),
}  # fmt: skip
"""A person who faces the camera, in metres; the right side is the left one's mirror image."""

CENTER, SCALE, SIZE = (64.0, 96.0), 90.0, (192, 128)

FLIPPED = (0, 1, 2, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21, 24, 23)
"""The part that each part becomes in a mirror."""


def person(turn: float = 0, *, world: bool = True, **moved: tuple[float, float, float]) -> Skeleton:
    """The person, turned by so many degrees to their left; `moved` puts joints elsewhere."""
    places = dict(METRES)
    for joint, (x, y, z) in METRES.items():
        if joint.name.startswith("L_"):
            places[Joint["R_" + joint.name[2:]]] = (-x, y, z)
    places |= {Joint[name]: place for name, place in moved.items()}
    metres = torch.tensor([places[joint] for joint in Joint], dtype=torch.float32)
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    metres = metres @ torch.tensor([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    body = torch.cat([metres[:, :2] * SCALE + torch.tensor(CENTER), torch.ones(25, 1)], 1)
    empty = Skeleton.empty(1)
    return Skeleton(body[None], empty.hands, empty.face, metres[None] if world else None)


def dense(skeleton: Skeleton, **options: float) -> Dense:
    frames = Frames(
        torch.zeros(len(skeleton), *SIZE, 3, dtype=torch.uint8), (0,) * len(skeleton), ""
    )
    runtime = Runtime(weight=lambda weight: pytest.fail(f"asked for {weight.name}"))
    return Mannequin(MannequinOptions(**options), runtime).dense(frames, skeleton)


def shown(found: Dense) -> set[int]:
    """The parts that are more than a sliver: a hundredth of the person."""
    count = torch.bincount(found.part.flatten().long(), minlength=25)[1:]
    return {i + 1 for i in range(24) if count[i] > 0.01 * count.sum()}


def where(found: Dense, *parts: int) -> tuple[float, float]:
    """The middle of some parts, as x and y in metres from between the hips."""
    mask = torch.isin(found.part[0], torch.tensor(parts, dtype=torch.uint8))
    assert mask.any(), f"none of the parts {parts} is drawn"
    y, x = mask.nonzero().double().mean(0).tolist()
    return (x - CENTER[0]) / SCALE, (y - CENTER[1]) / SCALE


@pytest.mark.parametrize("world", [True, False])
def test_the_left_side_of_who_faces_the_camera_is_on_the_picture_s_right(world: bool) -> None:
    found = dense(person(world=world))
    for left, right in ((4, 3), (5, 6), (10, 9), (14, 13), (24, 23)):
        assert where(found, left)[0] > 0 > where(found, right)[0]
    assert where(found, 15, 17)[0] > 0 > where(found, 16, 18)[0]
    assert where(found, 19, 21)[0] > 0 > where(found, 20, 22)[0]


def test_parts_lie_one_above_the_other() -> None:
    found = dense(person())
    rows = [where(found, *parts)[1] for parts in ((23, 24), (2,), (9, 10), (13, 14), (5, 6))]
    assert rows == sorted(rows)


@pytest.mark.parametrize("world", [True, False])
def test_fronts_show_from_the_front_and_backs_from_behind(world: bool) -> None:
    for turn, seen, unseen in (
        (0, {2, 9, 10, 13, 14}, {1, 7, 8}),
        (180, {1, 7, 8, 11, 12}, {2, 9}),
    ):
        parts = shown(dense(person(turn, world=world)))
        assert seen <= parts
        assert not unseen & parts


def test_from_the_side_the_nearer_half_shows() -> None:
    found = dense(person(-90)).part.flatten()
    count = torch.bincount(found.long(), minlength=25)
    near_left = count[24] > count[23] and count[10] + count[8] > count[9] + count[7]
    near_right = count[23] > count[24] and count[9] + count[7] > count[10] + count[8]
    assert near_left != near_right
    other = torch.bincount(dense(person(90)).part.flatten().long(), minlength=25)
    assert (other[24] > other[23]) == bool(near_right)


def test_a_mirrored_skeleton_gives_the_mirrored_parts_with_sides_exchanged() -> None:
    skeleton = person(25, L_WRIST=(0.1, -0.4, -0.3), L_ELBOW=(0.3, -0.3, -0.1))
    straight = dense(skeleton).part
    mirrored = dense(skeleton.mirrored(SIZE[1])).part
    expected = torch.tensor(FLIPPED, dtype=torch.uint8)[straight.flip(-1).long()]
    assert (mirrored == expected).float().mean() > 0.995  # pixels on a border may go either way


@pytest.mark.parametrize(("depth", "wins"), [(-0.3, True), (0.3, False)])
def test_the_nearer_of_arm_and_trunk_is_seen(depth: float, wins: bool) -> None:
    across = person(L_ELBOW=(0.2, -0.25, depth), L_WRIST=(-0.05, -0.25, depth))
    y, x = round(CENTER[1] - 0.25 * SCALE), round(CENTER[0])
    part = int(dense(across).part[0, y, x])
    assert part in ((19, 21) if wins else (2,))


def test_without_depth_an_arm_over_the_trunk_is_seen() -> None:
    across = person(L_ELBOW=(0.2, -0.25, 0), L_WRIST=(-0.05, -0.25, 0), world=False)
    y, x = round(CENTER[1] - 0.25 * SCALE), round(CENTER[0])
    assert int(dense(across).part[0, y, x]) in (19, 21)


@pytest.mark.parametrize("turn", [0, 37, 90, 180, 250])
def test_u_and_v_are_shares_and_background_has_none(turn: float) -> None:
    found = dense(person(turn))
    assert 0 <= found.uv.min() <= found.uv.max() <= 1
    assert found.uv.isfinite().all()
    assert (found.uv[:, :, found.part[0] == 0] == 0).all()


def column(found: Dense, part: int, channel: int, across: bool) -> list[float]:
    """U (channel 0) or V (1) of a part along its middle row or column."""
    mask = found.part[0] == part
    y, x = (round(v) for v in mask.nonzero().double().mean(0).tolist())
    line, on = (
        (found.uv[0, channel, y], mask[y]) if across else (found.uv[0, channel, :, x], mask[:, x])
    )
    return [float(value) for value in line[on]]


def test_charts_run_as_densepose_s_do() -> None:
    """Directions read off frames with true dense poses of somebody who faces the camera."""
    found = dense(person())
    down = {part: column(found, part, 0, across=False) for part in (2, 9, 10, 13, 14)}
    for part in (2, 13, 14):  # trunk and shins: U grows downward
        assert down[part] == sorted(down[part])
    for part in (9, 10):  # thighs: it grows upward
        assert down[part] == sorted(down[part], reverse=True)
    across = {part: column(found, part, 1, across=True) for part in (2, 9, 10, 13, 14)}
    for part in (2, 10, 13):  # V grows to the picture's left
        assert across[part] == sorted(across[part], reverse=True)
    for part in (9, 14):  # and to its right
        assert across[part] == sorted(across[part])


def test_limbs_need_both_ends_and_nobody_is_nothing() -> None:
    skeleton = person()
    skeleton.body[0, Joint.L_KNEE, 2] = 0.01
    parts = shown(dense(skeleton))
    assert not {8, 10, 12, 14} & parts
    assert {9, 13} <= parts
    assert dense(Skeleton.empty(2)).part.max() == 0
    assert dense(Skeleton.empty(0)).part.shape == (0, *SIZE)


def test_many_frames_are_each_by_itself() -> None:
    many = [person(turn) for turn in (0, 60, 180)]
    together = dense(Skeleton.joined(many))
    for t, one in enumerate(many):
        alone = dense(one)
        assert torch.equal(together.part[t], alone.part[0])
        assert torch.equal(together.uv[t], alone.uv[0])


def test_thickness_thickens() -> None:
    thin, thick = (int((dense(person(), thickness=by).part > 0).sum()) for by in (0.7, 1.3))
    assert 1.3 < thick / thin < 1.3 / 0.7 + 0.3


def test_a_silhouette_of_human_size() -> None:
    """A standing person covers a fifth to a third of the rectangle that holds them."""
    mask = dense(person()).part[0] > 0
    y, x = mask.nonzero().unbind(1)
    box = (y.max() - y.min() + 1) * (x.max() - x.min() + 1)
    assert 0.25 < float(mask.sum() / box) < 0.5
