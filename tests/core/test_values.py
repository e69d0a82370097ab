"""The values that roles hand each other, by hand."""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.values import (
    Clip,
    Dense,
    Extent,
    Frames,
    Layer,
    Parsing,
    People,
    Skeleton,
    Window,
)


def skeleton(length: int = 2, world: bool = True) -> Skeleton:
    random = torch.Generator().manual_seed(0)
    return Skeleton(
        torch.rand(length, 25, 3, generator=random),
        torch.rand(length, 2, 21, 3, generator=random),
        torch.rand(length, 70, 3, generator=random),
        torch.rand(length, 25, 3, generator=random) if world else None,
    )


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Parsing(torch.zeros(1, 2, 2, dtype=torch.uint8)).labels = None  # type: ignore[misc,assignment]  # the point


def test_frames_are_bytes_and_their_images_floats_with_channels_first() -> None:
    pixels = torch.tensor([[[[0, 51, 255]]], [[[255, 0, 102]]]], dtype=torch.uint8)
    frames = Frames(pixels, (3, 4), "clip", extent=Extent(9, (1, 1)))
    assert len(frames) == 2
    assert frames.size == (1, 1)
    wanted = torch.tensor([[0, 0.2, 1], [1, 0, 0.4]])[:, :, None, None]
    torch.testing.assert_close(frames.images, wanted)
    last = frames[1:]
    assert last.index == (4,)
    assert last.extent == frames.extent
    assert torch.equal(last.pixels, pixels[1:])


def test_frames_must_have_an_index_each() -> None:
    with pytest.raises(ValueError, match="2 frames but 1 indices"):
        Frames(torch.zeros(2, 1, 1, 3, dtype=torch.uint8), (0,), "clip")


def test_a_part_of_frames_has_its_part_of_the_window() -> None:
    window = Window(torch.tensor([[0.0, 0, 2, 2], [1, 1, 3, 3]]), (4, 4))
    frames = Frames(torch.zeros(2, 4, 4, 3, dtype=torch.uint8), (0, 1), "clip", window)
    part = frames[1:].window
    assert part is not None
    assert part.box.tolist() == [[1, 1, 3, 3]]


def test_a_window_maps_its_pixels_onto_the_canvas_and_back() -> None:
    """Edges lie half a pixel beyond centres: the box from -0.5 to 3.5 has four pixels."""
    window = Window(torch.tensor([[-0.5, -0.5, 3.5, 7.5]]), (16, 8))  # twice as large
    there = torch.tensor([[0.0, 0.0, 1.0], [3.0, 7.0, 1.0]])
    onto = there @ window.to_canvas[0].T
    torch.testing.assert_close(onto, torch.tensor([[0.5, 0.5], [6.5, 14.5]]))
    back = torch.cat([onto, torch.ones(2, 1)], 1) @ window.to_source[0].T
    torch.testing.assert_close(back, there[:, :2])


def test_whoever_is_moved_keeps_confidence_and_world() -> None:
    one = skeleton()
    by = torch.tensor([[[2.0, 0, 10], [0, 3, -5]], [[1, 0, 0], [0, 1, 0]]])
    moved = one.moved(by)
    for points, before in (
        (moved.body, one.body),
        (moved.hands, one.hands),
        (moved.face, one.face),
    ):
        torch.testing.assert_close(points[0, ..., 0], 2 * before[0, ..., 0] + 10)
        torch.testing.assert_close(points[0, ..., 1], 3 * before[0, ..., 1] - 5)
        torch.testing.assert_close(points[1], before[1])
        assert torch.equal(points[..., 2], before[..., 2])
    assert moved.world is one.world


def test_in_a_mirror_left_is_right() -> None:
    one = skeleton()
    mirror = one.mirrored(width=11)  # columns 0 to 10
    left, right = one.body[:, Joint.L_WRIST], mirror.body[:, Joint.R_WRIST]
    torch.testing.assert_close(right[:, 0], 10 - left[:, 0])
    assert torch.equal(right[:, 1:], left[:, 1:])
    torch.testing.assert_close(mirror.hands[:, 1, :, 0], 10 - one.hands[:, 0, :, 0])
    assert mirror.world is not None
    assert one.world is not None
    torch.testing.assert_close(
        mirror.world[:, Joint.R_KNEE], one.world[:, Joint.L_KNEE] * torch.tensor([-1.0, 1, 1])
    )
    twice = mirror.mirrored(width=11)
    for name in ("body", "hands", "face", "world"):
        torch.testing.assert_close(getattr(twice, name), getattr(one, name))


def test_a_joined_skeleton_knows_depth_where_all_parts_do() -> None:
    joined = Skeleton.joined([skeleton(2), skeleton(3)])
    assert len(joined) == 5
    assert joined.world is not None
    assert Skeleton.joined([skeleton(2), skeleton(3, world=False)]).world is None
    assert len(Skeleton.joined([Skeleton.empty(4)])) == 4
    part = joined[torch.tensor([4, 0])]
    assert torch.equal(part.body, joined.body[[4, 0]])


def test_nobody_is_seen_in_an_empty_skeleton() -> None:
    assert float(Skeleton.empty(3).body.abs().sum()) == 0
    assert len(People.nobody()) == 0


def test_one_of_the_people_has_what_is_theirs() -> None:
    people = People(
        skeleton(3),
        torch.tensor([0.9, 0.8, 0.7]),
        torch.arange(12.0).reshape(3, 4),
        torch.arange(3.0)[:, None, None, None].expand(-1, 1, 8, 8),
        torch.arange(12.0).reshape(3, 4) + 100,
    )
    second = people[1:2]
    assert len(second) == 1
    assert float(second.score) == pytest.approx(0.8)
    assert second.box.tolist() == [[4, 5, 6, 7]]
    assert second.mask is not None
    assert second.mask_box is not None
    assert float(second.mask.mean()) == 1
    assert second.mask_box.tolist() == [[104, 105, 106, 107]]


def test_a_parsing_is_one_channel_a_class_and_a_mask() -> None:
    parsing = Parsing(torch.tensor([[[0, 5], [21, 0]]], dtype=torch.uint8))
    assert parsing.one_hot.shape == (1, 22, 2, 2)
    assert torch.equal(parsing.one_hot.sum(1), torch.ones(1, 2, 2))
    assert [float(parsing.one_hot[0, label].sum()) for label in (0, 5, 21)] == [2, 1, 1]
    assert parsing.mask.tolist() == [[[[0, 1], [1, 0]]]]


def test_a_mirrored_parsing_has_its_sides_exchanged() -> None:
    row = [Label.LEFT_ARM, Label.FACE, Label.BACKGROUND]
    parsing = Parsing(torch.tensor([[row]], dtype=torch.uint8))
    wanted = [Label.BACKGROUND, Label.FACE, Label.RIGHT_ARM]
    assert parsing.mirrored().labels.tolist() == [[wanted]]
    assert torch.equal(parsing.mirrored().mirrored().labels, parsing.labels)


def test_a_dense_pose_is_a_picture_of_i_u_and_v() -> None:
    dense = Dense(torch.tensor([[[24]], [[6]]], dtype=torch.uint8), torch.rand(2, 2, 1, 1))
    assert dense.image[:, 0, 0, 0].tolist() == [1.0, 0.25]
    assert torch.equal(dense.image[:, 1:], dense.uv)


def test_a_layer_lies_over_a_background() -> None:
    layer = Layer(torch.full((2, 3, 1, 1), 0.8), torch.tensor([0.25, 1.0])[:, None, None, None])
    over = layer.over(torch.full((2, 3, 1, 1), 0.4))
    torch.testing.assert_close(over[:, 0, 0, 0], torch.tensor([0.5, 0.8]))
    assert float(layer[1:].mask) == 1


def test_a_clip_begins_at_zero_and_is_cut_into_shots() -> None:
    clip = Clip(
        times=torch.tensor([100, 104, 106, 110]),
        time_base=Fraction(1, 50),
        fps=Fraction(25),
        size=(2, 2),
        name="clip",
        source="",
        cuts=(1, 3),
    )
    assert clip.seconds.tolist() == pytest.approx([0, 0.08, 0.12, 0.2])
    assert clip.shots == (slice(0, 1), slice(1, 3), slice(3, 4))
