"""Key points that are those of nobody."""

import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor.ops.drawable import drawable
from reenactor.values import Skeleton

J = Joint
SIZE = (240, 320)
STANDING = {
    J.NOSE: (160, 40), J.NECK: (160, 70), J.MID_HIP: (160, 130),
    J.R_SHOULDER: (145, 70), J.L_SHOULDER: (175, 70),
    J.R_WRIST: (135, 125), J.L_WRIST: (185, 125),
    J.R_ANKLE: (150, 210), J.L_ANKLE: (170, 210),
}  # fmt: skip


def standing() -> Skeleton:
    """Somebody in the middle of a picture of 320x240."""
    skeleton = Skeleton.empty(1)
    for joint, (x, y) in STANDING.items():
        skeleton.body[0, joint] = torch.tensor([x, y, 1.0])
    return skeleton


def moved(scale: tuple[float, float], shift: tuple[float, float]) -> Skeleton:
    matrix = torch.tensor([[[scale[0], 0.0, shift[0]], [0.0, scale[1], shift[1]]]])
    return standing().moved(matrix)


def judged(*people: Skeleton) -> list[bool]:
    answer: Tensor = drawable(Skeleton.joined(list(people)), SIZE)
    return answer.tolist()


def test_people_are_drawn_wherever_they_stand_in_the_picture() -> None:
    aside = moved((0.15, 1), (136, 0))  # seen from the side: 7 pixels wide, 170 tall
    small = moved((0.1, 0.1), (100, 100))
    half_outside = moved((1, 1), (-160, 0))
    large = moved((8, 8), (-1120, -500))
    assert judged(standing(), aside, small, half_outside, large) == [True] * 5


def test_one_place_or_one_line_is_nobody() -> None:
    assert judged(moved((0, 0), (100, 100))) == [False]
    assert judged(moved((0.002, 0.002), (100, 100))) == [False]
    assert judged(moved((0, 1), (100, 0))) == [False]
    assert judged(moved((1, 0), (0, 100))) == [False]
    slanted = standing()
    slanted.body[0, :, 1] = 2 * slanted.body[0, :, 0] - 200
    assert judged(slanted) == [False]


def test_outside_of_the_picture_is_nobody() -> None:
    for shift in ((-400, 0), (400, 0), (0, 300), (0, -300), (1e6, 1e6)):
        assert judged(moved((1, 1), shift)) == [False]


def test_a_point_far_away_is_nobody() -> None:
    stretched = standing()
    stretched.hands[0, 0, 3] = torch.tensor([1e5, 20, 1.0])
    unseen = standing()
    unseen.hands[0, 0, 3] = torch.tensor([1e5, 20, 0.0])
    assert judged(stretched, unseen) == [False, True]


def test_two_points_are_nobody() -> None:
    two = Skeleton.empty(1)
    for joint in (J.NECK, J.NOSE):
        two.body[0, joint] = torch.tensor([*STANDING[joint], 1.0])
    assert judged(two, Skeleton.empty(1)) == [False, False]
