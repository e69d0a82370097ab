"""Eq. 4: boxes, masks, the dress."""

import pytest
import torch

from reenactor.labels import Label
from reenactor.values import Parsing
from reenactor_plugins.frame_renderer.b2f.parts import (
    bounding_boxes,
    part_crops,
    part_masks,
    squared,
)

FACE, UPPER, LOWER, FEET, SKIN = range(5)


def parsing(**areas: tuple[slice, slice]) -> Parsing:
    labels = torch.zeros(1, 20, 16, dtype=torch.uint8)
    for name, area in areas.items():
        labels[0][area] = Label[name.upper()]
    return Parsing(labels)


def box(*y_x: int) -> tuple[slice, slice]:
    y0, y1, x0, x1 = y_x
    return slice(y0, y1), slice(x0, x1)


def test_every_class_but_the_background_belongs_to_one_part() -> None:
    all_classes = Parsing(torch.arange(22, dtype=torch.uint8).view(1, 1, 22))
    masks = part_masks(all_classes)[0, :, 0]
    assert masks.sum(0).tolist() == [0] + [1] * 21
    assert masks[FACE].nonzero().flatten().tolist() == [
        Label.HAT,
        Label.HAIR,
        Label.SUNGLASSES,
        Label.FACE,
    ]
    assert masks[FEET].nonzero().flatten().tolist() == [
        Label.SOCKS,
        Label.LEFT_SHOE,
        Label.RIGHT_SHOE,
    ]


def test_a_dress_is_below_too_where_nothing_else_is() -> None:
    dress = parsing(dress=box(5, 15, 4, 12))
    assert torch.equal(part_masks(dress)[:, LOWER], dress.labels == Label.DRESS)
    assert torch.equal(part_masks(dress)[:, UPPER], dress.labels == Label.DRESS)
    trousers = parsing(dress=box(5, 15, 4, 12), pants=box(15, 18, 4, 12))
    assert torch.equal(part_masks(trousers)[:, LOWER], trousers.labels == Label.PANTS)


def test_each_picture_is_judged_alone() -> None:
    dress, pants = parsing(dress=box(5, 15, 4, 12)), parsing(pants=box(5, 15, 4, 12))
    both = Parsing(torch.cat([dress.labels, pants.labels]))
    torch.testing.assert_close(part_masks(both)[0], part_masks(dress)[0])


def test_a_part_is_its_bounding_box_and_nothing_else() -> None:
    p = parsing(face=box(2, 6, 3, 7), coat=box(6, 12, 2, 10), left_shoe=box(18, 20, 2, 4))
    I = torch.rand(1, 3, 20, 16)
    t = part_crops(I, p, size=4)
    assert t.shape == (1, 5, 3, 4, 4)
    # The face's box has the size of the crop: its pixels come through as they are.
    torch.testing.assert_close(t[:, FACE], I[..., 2:6, 3:7])
    assert not t[:, LOWER].any()
    assert not t[:, SKIN].any()
    assert t[:, FEET].any()


def test_boxes_are_stretched_or_grown_to_squares() -> None:
    p = parsing(coat=box(4, 12, 6, 10))
    I = torch.rand(1, 3, 20, 16)
    stretched = part_crops(I, p, 8, background="kept")[:, UPPER]
    # 8 high and 4 wide: rows come through, columns are doubled.
    torch.testing.assert_close(stretched[..., 1], 0.75 * I[..., 4:12, 6] + 0.25 * I[..., 4:12, 7])
    square = part_crops(I, p, 8, background="kept", shape="square")[:, UPPER]
    torch.testing.assert_close(square, I[..., 4:12, 4:12])


def test_what_surrounds_a_part_is_black_or_kept() -> None:
    p = parsing(face=box(2, 6, 3, 7))
    p.labels[0, 2, 3] = Label.BACKGROUND
    I = torch.full((1, 3, 20, 16), 0.5)
    assert part_crops(I, p, 4)[0, FACE, 0, 0, 0] == 0
    assert part_crops(I, p, 4, background="kept")[0, FACE, 0, 0, 0] == 0.5


def test_nobody_has_no_parts() -> None:
    assert not part_crops(torch.rand(2, 3, 8, 8), Parsing(torch.zeros(2, 8, 8).byte()), 4).any()


def test_boxes_are_edges() -> None:
    masks = torch.zeros(3, 5, 6, dtype=torch.bool)
    masks[0, 1:4, 2] = True
    masks[1, 4, 5] = True
    assert bounding_boxes(masks).tolist() == [
        [1.5, 0.5, 2.5, 3.5], [4.5, 3.5, 5.5, 4.5], [-0.5, -0.5, 5.5, 4.5],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wide", "square"), [([0, 0, 4, 2], [0, -1, 4, 3]), ([1, 1, 2, 5], [-0.5, 1, 3.5, 5])]
)
def test_squares_keep_the_centre(wide: list[float], square: list[float]) -> None:
    assert squared(torch.tensor(wide).float()).tolist() == square
