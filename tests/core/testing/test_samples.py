"""The drawn dancer's pictures, key points, parsing and dense pose agree."""

import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.ops.silhouette import unpack
from reenactor.testing.cartoon import dancing, room
from reenactor.testing.samples import (
    CANVAS,
    SIZE,
    blank_frames,
    chosen,
    empty_frames,
    holes,
    samples,
    without_person,
)
from reenactor.values import Skeleton


def label_at(drawn: torch.Tensor, point: torch.Tensor) -> int:
    x, y = (round(float(v)) for v in point[:2])
    return int(drawn[y, x]) if 0 <= x < drawn.shape[1] else -1


@pytest.mark.parametrize("size", [(223, 167), (512, 320), (61, 47)])
def test_key_points_lie_on_what_they_name(size: tuple[int, int]) -> None:
    drawn = dancing(8, size)
    for t in range(8):
        labels, part = drawn.parsing.labels[t], drawn.dense.part[t]
        body, hands = drawn.skeleton.body[t], drawn.skeleton.hands[t]
        assert label_at(labels, body[Joint.NOSE]) == Label.FACE
        assert label_at(labels, body[Joint.MID_HIP]) == Label.UPPER_CLOTHES
        assert label_at(labels, body[Joint.L_KNEE]) == Label.PANTS
        assert label_at(part, body[Joint.L_KNEE]) in (10, 14)
        assert label_at(part, body[Joint.R_KNEE]) in (9, 13)
        assert label_at(labels, hands[0, 9]) in (Label.LEFT_HAND, -1)
        assert label_at(labels, hands[1, 9]) in (Label.RIGHT_HAND, -1)


def test_left_is_on_the_picture_s_right() -> None:
    body = dancing(1, SIZE).skeleton.body[0]
    for joint in Joint:
        if joint.name.startswith("L_"):
            assert body[joint, 0] > body[Joint["R_" + joint.name[2:]], 0]


def test_a_face_mirrors_into_itself() -> None:
    skeleton = dancing(1, SIZE).skeleton
    flat = Skeleton(skeleton.body, skeleton.hands, skeleton.face)
    center = 2 * float(skeleton.face[0, 27, 0]) + 1  # the nose stays where it is
    mirrored = flat.mirrored(1).face[0, :, 0] + center - 1
    assert torch.allclose(mirrored, skeleton.face[0, :, 0], atol=1e-3)


def test_metres_are_pixels_at_one_scale() -> None:
    skeleton = dancing(3, SIZE).skeleton
    assert skeleton.world is not None
    for body, world in zip(skeleton.body, skeleton.world, strict=True):
        apart = body[:, :2] - body[Joint.MID_HIP, :2]
        scale = 0.85 * SIZE[0] / 1.7
        assert torch.allclose(apart, world[:, :2] * scale, atol=1e-3)
        assert world[Joint.MID_HIP].abs().max() == 0
        assert world[Joint.NOSE, 2] < 0  # nearer than the hips


def test_the_same_again_is_the_same_and_frames_move() -> None:
    one, other = dancing(3, SIZE), dancing(3, SIZE)
    assert torch.equal(one.frames.pixels, other.frames.pixels)
    assert not torch.equal(one.frames.pixels[0], one.frames.pixels[2])
    later = dancing(1, SIZE, start=2)
    assert torch.equal(later.frames.pixels[0], one.frames.pixels[2])
    assert later.frames.index == (2,)


def test_outside_the_person_is_the_empty_room() -> None:
    drawn = dancing(2, SIZE)
    behind = torch.from_numpy(room(SIZE))
    for t in range(2):
        outside = drawn.parsing.labels[t] == 0
        assert torch.equal(drawn.frames.pixels[t][outside], behind[outside])
        assert (drawn.frames.pixels[t] != behind).any(-1)[~outside].float().mean() > 0.99
    assert torch.equal(empty_frames(1).pixels[0], behind)


def test_parts_cover_the_person() -> None:
    drawn = dancing(2, SIZE)
    assert torch.equal(drawn.dense.part > 0, drawn.parsing.labels > 0)
    assert drawn.dense.part.max() <= 24
    assert 0 <= drawn.dense.uv.min() <= drawn.dense.uv.max() <= 1


def test_everything_has_its_size() -> None:
    given = samples(2)
    assert given.driver.frames.size == SIZE
    assert given.target.image.shape == (1, 3, *CANVAS)
    assert given.pose.canvas == CANVAS
    assert len(given.motion) == len(given.pose) == 2
    assert given.motion.clip.size == SIZE
    assert (blank_frames(1).pixels == 128).all()
    assert len(dancing(0, SIZE).frames) == 0


def test_the_motion_s_silhouettes_lie_over_the_person() -> None:
    given = samples(2)
    bits = unpack(given.motion.mask)
    x0, y0, x1, y1 = given.motion.mask_box[0].tolist()
    assert x1 - x0 == pytest.approx(y1 - y0) == SIZE[0]
    body = given.driver.skeleton.body[0, [Joint.NECK, Joint.MID_HIP, Joint.L_KNEE], :2]
    side = bits.shape[1]
    for x, y in body.tolist():
        assert bits[0, int((y - y0) / (y1 - y0) * side), int((x - x0) / (x1 - x0) * side)]
    assert not bits[0, 0].any()


def test_holes_are_wider_than_the_person() -> None:
    drawn = dancing(1, SIZE)
    person = drawn.parsing.labels > 0
    wide = holes(drawn)
    assert (wide | ~person).all()
    assert wide.sum() > person.sum()


def test_choosing_and_emptying_poses() -> None:
    pose = samples(3).pose
    backward = chosen(pose, [2, 0])
    assert backward.index == (2, 0)
    assert torch.equal(backward.skeleton.body[0], pose.skeleton.body[2])
    empty = without_person(pose)
    assert empty.skeleton.body.abs().max() == 0
    assert empty.dense is not None
    assert empty.dense.part.max() == 0
    assert pose.skeleton.body[..., 2].min() > 0
