"""Eq. 4: t1, t2-5 = l(I, p^M*), five crops of the target's appearance."""

from functools import partial
from typing import Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from reenactor.labels import PART_GROUPS, Label
from reenactor.values import Parsing
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.networks.sampling import box_to_square, sampled

NUM_PARTS = len(PART_GROUPS)
"""Face and hair; clothes above; clothes below; shoes and socks; skin."""


def part_crops(
    I: Float[Tensor, "T 3 H W"],
    p: Parsing,
    size: int = 224,
    background: Literal["black", "kept"] = "black",
    shape: Literal["stretched", "square"] = "stretched",
) -> Float[Tensor, "T 5 3 S S"]:
    """l(I, p): the bounding box of each part, resized to size x size; black if the part is missing.

    Args:
        I: pictures in [0, 1].
        p: their parsings.
        size: 224 in the paper.
        background: how to fill other pixels of the box. In the paper, crops contain the part
            "in accordance with the semantic parsing map".
        shape: whether non-square boxes are stretched ("resized bounding boxes") or enlarged.
    """
    masks = part_masks(p)
    boxes = torch.stack([bounding_boxes(masks[:, part]) for part in range(NUM_PARTS)], 1)
    if shape == "square":
        boxes = squared(boxes)
    parts = I[:, None].expand(-1, NUM_PARTS, -1, -1, -1)
    if background == "black":
        parts = parts * masks[:, :, None]
    crops = sampled(parts.flatten(0, 1), box_to_square(boxes.flatten(0, 1), size), (size, size))
    there = masks.flatten(2).any(-1)[..., None, None, None]
    return crops.view(-1, NUM_PARTS, *crops.shape[1:]) * there


def cropper(options: B2FOptions, size: int) -> "partial[Float[Tensor, 'T 5 3 S S']]":
    """The function l of the options, for `reenactor.pipeline.method.parts`."""
    return partial(
        part_crops, size=size, background=options.part_background, shape=options.part_shape
    )


def part_masks(p: Parsing) -> Bool[Tensor, "T 5 H W"]:
    """Masks of the parts; a dress also belongs to the lower clothes if there are none."""
    labels = p.labels.long()
    masks = torch.stack(
        [torch.isin(labels, labels.new_tensor(group)) for group in PART_GROUPS.values()], 1
    )
    below = list(PART_GROUPS).index("lower")
    bare = ~masks[:, below].flatten(1).any(1)
    masks[:, below] |= bare[:, None, None] & (labels == Label.DRESS)
    return masks


def bounding_boxes(masks: Bool[Tensor, "T H W"]) -> Float[Tensor, "T 4"]:
    """x0, y0, x1, y1 (edges) around each mask; the whole picture if it is empty."""
    height, width = masks.shape[1:]
    columns, rows = masks.any(1), masks.any(2)
    x0, x1 = columns.int().argmax(1), width - columns.flip(1).int().argmax(1)
    y0, y1 = rows.int().argmax(1), height - rows.flip(1).int().argmax(1)
    return torch.stack([x0, y0, x1, y1], 1).float() - 0.5


def squared(boxes: Float[Tensor, "*N 4"]) -> Float[Tensor, "*N 4"]:
    """The smallest enclosing squares with the same centres."""
    low, high = boxes[..., :2], boxes[..., 2:]
    centre, half = (low + high) / 2, (high - low).amax(-1, keepdim=True) / 2
    return torch.cat([centre - half, centre + half], -1)
