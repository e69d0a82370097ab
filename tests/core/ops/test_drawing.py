import numpy as np
import pytest
import torch

from reenactor.joints import BODY_BONES, Joint
from reenactor.labels import PALETTE, Label
from reenactor.ops.drawing import (
    CAPTION,
    GAP,
    JOINT_COLOURS,
    beside,
    contact_sheet,
    dense_picture,
    parsing_picture,
    picture_of,
    stick_figure,
)
from reenactor.values import Dense, Parsing, Skeleton


def forearm(x: float = 20, confidence: float = 1) -> Skeleton:
    """A right forearm that stands upright in a picture 60 high."""
    skeleton = Skeleton.empty(1)
    skeleton.body[0, Joint.R_ELBOW] = torch.tensor([x, 10, 1.0])
    skeleton.body[0, Joint.R_WRIST] = torch.tensor([x, 40, confidence])
    return skeleton


def test_a_bone_has_the_colour_of_its_outer_joint() -> None:
    drawn = stick_figure(forearm(), (60, 40))
    assert drawn.shape == (1, 3, 60, 40)
    red, green, blue = drawn[0, :, 25, 20].tolist()
    assert red == green > 0.9  # OpenPose's right wrist is yellow
    assert blue == 0
    assert drawn[0, :, 25, 25].tolist() == [0, 0, 0]
    assert drawn[0, :, 50, 20].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("confidence", "seen"), [(0.02, True), (0.009, False), (0.0, False)])
def test_a_bone_needs_both_its_ends(confidence: float, seen: bool) -> None:
    assert bool(stick_figure(forearm(confidence=confidence), (60, 40)).any()) is seen


@pytest.mark.parametrize(("height", "width"), [(60, 1), (299, 1), (300, 2), (512, 3), (900, 6)])
def test_bones_grow_with_the_picture(height: int, width: int) -> None:
    row = stick_figure(forearm(), (height, 40))[0, :, 25]
    assert width <= (row.amax(0) > 0.5).sum() <= width + 2


def test_lines_move_by_less_than_a_pixel() -> None:
    at, between = (stick_figure(forearm(x), (60, 40)) for x in (20.0, 20.5))
    assert not torch.equal(at, between)
    columns = torch.arange(40.0)
    middles = [(row * columns).sum() / row.sum() for row in (at[0, 0, 25], between[0, 0, 25])]
    assert (middles[1] - middles[0]).item() == pytest.approx(0.5, abs=0.1)


def test_hands_and_face_can_be_left_out() -> None:
    skeleton = Skeleton.empty(1)
    skeleton.hands[0, 0, :2] = torch.tensor([[10, 10, 1], [10, 20, 1.0]])
    skeleton.face[0, :2] = torch.tensor([[30, 10, 1], [30, 20, 1.0]])
    both = stick_figure(skeleton, (40, 40))
    thumb, face = both[0, :, 15, 10].tolist(), both[0, :, 15, 30].tolist()
    assert thumb[0] > 0.7 > 0 == thumb[1] == thumb[2]
    assert face[0] == face[1] == face[2] > 0.9
    assert stick_figure(skeleton, (40, 40), hands=False)[0, :, :, :20].max() == 0
    assert stick_figure(skeleton, (40, 40), face=False)[0, :, :, 20:].max() == 0


def test_a_face_needs_more_confidence_than_a_body() -> None:
    skeleton = Skeleton.empty(1)
    skeleton.face[0, :2] = torch.tensor([[30, 10, 0.09], [30, 20, 1.0]])
    assert stick_figure(skeleton, (40, 40)).max() == 0


def test_key_points_far_outside_do_no_harm() -> None:
    skeleton = forearm()
    skeleton.body[0, Joint.R_WRIST, :2] = torch.tensor([1e9, -1e9])
    assert stick_figure(skeleton, (60, 40)).isfinite().all()


def test_every_frame_is_drawn_by_itself() -> None:
    one, other = forearm(10), forearm(30)
    both = stick_figure(Skeleton.joined([one, other]), (60, 40))
    assert torch.equal(both[:1], stick_figure(one, (60, 40)))
    assert torch.equal(both[1:], stick_figure(other, (60, 40)))
    assert stick_figure(Skeleton.empty(0), (60, 40)).shape == (0, 3, 60, 40)


def test_left_and_right_bones_differ_in_colour() -> None:
    colours = {end: JOINT_COLOURS[end] for _, end in BODY_BONES}
    for joint in (Joint.R_WRIST, Joint.R_ANKLE, Joint.R_EAR, Joint.R_BIG_TOE):
        other = Joint[joint.name.replace("R_", "L_")]
        assert colours[joint] != colours[other]


def test_a_parsing_shows_its_palette() -> None:
    labels = torch.tensor([[[0, int(Label.HAIR), int(Label.RIGHT_HAND)]]], dtype=torch.uint8)
    picture = picture_of(parsing_picture(Parsing(labels)))
    assert picture.tolist() == [[list(PALETTE[i]) for i in (0, 2, 21)]]


def test_a_dense_pose_shows_24_parts_and_no_background() -> None:
    part = torch.arange(25, dtype=torch.uint8)[None, :, None].expand(1, 25, 2).contiguous()
    picture = picture_of(dense_picture(Dense(part, torch.full((1, 2, 25, 2), 0.5))))
    assert picture[0].max() == 0
    assert len({tuple(row[0]) for row in picture.tolist()}) == 25


def test_u_and_v_show_as_lines() -> None:
    part = torch.ones(1, 4, 40, dtype=torch.uint8)
    uv = torch.stack([torch.linspace(0, 0.99, 40).expand(4, 40), torch.zeros(4, 40)])[None]
    row = dense_picture(Dense(part, uv))[0, :, 2].sum(0)
    assert (row < row.max()).sum() == 4  # 0.2, 0.4, 0.6 and 0.8


def test_beside_scales_to_one_height() -> None:
    tall, wide = np.full((100, 50, 3), 9, np.uint8), np.full((20, 40, 3), 7, np.uint8)
    row = beside([tall, wide], 40)
    assert row.shape == (40, 20 + 80, 3)
    assert (row[:, :20] == 9).all()
    assert (row[:, 20:] == 7).all()


def test_a_contact_sheet_holds_all_pictures_in_order() -> None:
    pictures = [np.full((20, 10, 3), 10 * i, np.uint8) for i in range(5)]
    sheet = contact_sheet(pictures, [str(i) for i in range(5)], height=40, columns=3)
    cell = 40 + CAPTION + GAP, 20 + GAP
    assert sheet.shape == (2 * cell[0] + GAP, 3 * cell[1] + GAP, 3)
    for i in range(5):
        top, left = GAP + i // 3 * cell[0] + CAPTION, GAP + i % 3 * cell[1]
        assert (sheet[top : top + 40, left : left + 20] == 10 * i).all()
        assert sheet[top - CAPTION : top, left : left + 20].min() < 128  # the caption
    assert (sheet[cell[0] + GAP :, 2 * cell[1] + GAP :] == 255).all()  # no sixth picture


def test_a_caption_does_not_touch_its_neighbours() -> None:
    pictures = [np.zeros((20, 20, 3), np.uint8)] * 2
    sheet = contact_sheet(pictures, ["far too long for its little thumbnail", ""], height=40)
    assert (sheet[: GAP + CAPTION, GAP + 40 :] == 255).all()


def test_a_contact_sheet_needs_as_many_captions() -> None:
    with pytest.raises(ValueError, match="1 pictures and 0 captions"):
        contact_sheet([np.zeros((4, 4, 3), np.uint8)], [])
