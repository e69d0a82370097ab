"""Windows hold the dancer, keep the aspect and do not jump."""

import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.ops.windows import around, extents, following, useful_height
from reenactor.values import Skeleton, Window


def standing(x: float) -> Skeleton:
    """A stick person 200 px tall, feet at y = 300."""
    skeleton = Skeleton.empty(1)
    body = skeleton.body.clone()
    for joint, dx, y in (
        (Joint.NOSE, 0, 125), (Joint.NECK, 0, 145), (Joint.L_WRIST, 40, 200),
        (Joint.R_WRIST, -40, 200), (Joint.L_BIG_TOE, 20, 300), (Joint.R_BIG_TOE, -20, 300),
    ):  # fmt: skip
        body[0, joint] = torch.tensor([x + dx, y, 1.0])
    return Skeleton(body, skeleton.hands, skeleton.face)


def test_extents_reach_from_the_crown_to_the_toes() -> None:
    x0, y0, x1, y1 = extents(standing(100))[0].tolist()
    assert (x0, x1, y1) == (60, 140, 300)
    assert y0 == 125 - 1.1 * 20  # above the nose by 1.1 times neck to nose


def test_extents_of_nobody_are_not_a_number() -> None:
    assert torch.isnan(extents(Skeleton.empty(2))).all()


def test_windows_hold_every_box_with_the_canvas_aspect() -> None:
    time = torch.arange(90) / 30
    x = 300 + 200 * torch.sin(2 * np.pi * 0.5 * time)
    box = torch.stack([x - 40, torch.full_like(x, 100), x + 40, torch.full_like(x, 300)], 1)
    box[40:50, 0] -= 150  # a sudden arm
    found = following(box, (512, 320), 30.0)
    assert (found.box[:, :2] <= box[:, :2]).all()
    assert (found.box[:, 2:] >= box[:, 2:]).all()
    width, height = found.box[:, 2] - found.box[:, 0], found.box[:, 3] - found.box[:, 1]
    torch.testing.assert_close(width / height, torch.full_like(width, 320 / 512))
    # Nothing jumps: the size changes by less than 3 % a frame though an arm appears at once.
    assert (height[1:] / height[:-1] - 1).abs().max() < 0.03


def test_frames_without_anybody_keep_a_window() -> None:
    box = torch.tensor([[10.0, 10, 50, 110]]).repeat(9, 1)
    box[3:6] = torch.nan
    found = following(box, (512, 320), 30.0)
    assert torch.isfinite(found.box).all()
    empty = following(torch.full((4, 4), torch.nan), (512, 320), 30.0)
    assert empty.box[0].tolist() == [-0.5, -0.5, 319.5, 511.5]


def test_a_wide_pose_widens_the_window() -> None:
    one = around(torch.tensor([[0.0, 0, 400, 100]]), (512, 320))
    x0, y0, x1, y1 = one.box[0].tolist()
    assert x1 - x0 >= 400
    assert abs((x1 - x0) / (y1 - y0) - 320 / 512) < 1e-5


def test_the_window_jumps_where_the_video_cuts() -> None:
    box = torch.tensor([[100.0, 100, 200, 300]]).repeat(60, 1)
    box[30:] = torch.tensor([600.0, 50, 1000, 850])
    found = following(box, (512, 320), 30.0, cuts=(30,))
    for part in (slice(0, 30), slice(30, 60)):
        alone = following(box[part], (512, 320), 30.0)
        assert torch.equal(found.box[part], alone.box)
    assert found.box[29, 3] - found.box[29, 1] < 300  # not yet as large as the next shot's


def test_a_window_around_a_single_point_has_a_size() -> None:
    box = around(torch.tensor([[7.0, 9.0, 7.0, 9.0]]), (64, 32)).box[0]
    assert box[3] - box[1] >= 1
    assert (box[:2] + box[2:]).tolist() == [14, 18]


def windows(*heights: float) -> Window:
    """Windows of these heights in the source."""
    boxes = [[0.0, 100.0, height / 2, 100.0 + height] for height in heights]
    return Window(torch.tensor(boxes), (512, 256))


def test_a_canvas_is_as_fine_as_the_output_in_nine_of_ten_frames() -> None:
    heights = [100.0 * n for n in range(1, 12)]  # of 11 frames, the tenth is the 0.9 quantile
    there = torch.ones(11, dtype=torch.bool)
    assert useful_height(windows(*heights), there, windows(5000)) == pytest.approx(1000)
    there[5:] = False  # 100 to 500: 0.9 of the way is between 400 and 500
    assert useful_height(windows(*heights), there, windows(5000)) == pytest.approx(460)


def test_a_canvas_is_no_finer_than_the_photo() -> None:
    there = torch.ones(2, dtype=torch.bool)
    assert useful_height(windows(900, 900), there, windows(333)) == pytest.approx(333)
    assert useful_height(windows(900, 900), ~there, windows(333)) == 0
