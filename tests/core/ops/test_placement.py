"""The dance goes to where the photo's person stands."""

import torch

from reenactor.joints import Joint
from reenactor.ops.placement import into_photo
from reenactor.values import Skeleton


def figure(x: float, ground: float, scale: float, length: int = 1) -> Skeleton:
    skeleton = Skeleton.empty(length)
    for joint, dx, up in (
        (Joint.NECK, 0, 160), (Joint.MID_HIP, 0, 100), (Joint.L_HIP, 10, 100),
        (Joint.L_KNEE, 10, 55), (Joint.L_ANKLE, 10, 10), (Joint.L_BIG_TOE, 14, 0),
    ):  # fmt: skip
        point = torch.tensor([x + dx * scale, ground - up * scale, 1.0])
        skeleton.body[:, joint] = point
    return skeleton


def test_size_hips_and_ground_agree() -> None:
    motion = figure(x=500, ground=900, scale=2.0, length=10)
    motion.body[4:6, :, 1] -= 100  # a jump: the ground is still where the feet mostly are
    photo = figure(x=80, ground=310, scale=0.5)
    matrix = into_photo(motion, photo)
    placed = motion.moved(matrix)
    torch.testing.assert_close(
        placed.body[0, :, :2],
        photo.body[0, :, :2] * (placed.body[0, :, 2:] > 0)
        + matrix[0, :, 2] * (placed.body[0, :, 2:] == 0),
    )
    assert float(placed.body[4, Joint.L_BIG_TOE, 1]) == 310 - 100 * 0.25
