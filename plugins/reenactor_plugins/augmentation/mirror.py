"""Horizontal flips of pixels, labels, dense poses and key points together."""

from dataclasses import replace

import torch

from reenactor.training import Example
from reenactor.values import Dense

TURNED_U = (5, 6, 23, 24)
"""Parts whose U is reversed by a flip: feet, and the halves of the head."""
TURNED_V = (1, 2)
"""The trunk has no partner; a flip reverses its V."""
SELF = (0, 1, 2)


def mirrored(example: Example) -> Example:
    """Flip an example horizontally, left and right labels included."""
    width = example.canvas[1]
    box = example.face_box
    if box is not None:
        box = torch.stack([width - 1 - box[:, 2], box[:, 1], width - 1 - box[:, 0], box[:, 3]], 1)
    return replace(
        example,
        image=example.image.flip(2),
        parsing=example.parsing.mirrored(),
        skeleton=example.skeleton.mirrored(width),
        dense=None if example.dense is None else mirrored_dense(example.dense),
        background=None if example.background is None else example.background.flip(2),
        face_box=box,
    )


def mirrored_dense(dense: Dense) -> Dense:
    """Swap parts I of both sides and adapt U and V to the other side's charts.

    The charts of limbs are mirror images of each other, so U and V stay. Those of the palms depend
    on how the hand is turned, which is unknown, so they stay as well.
    """
    part = dense.part.flip(-1).long()
    partner = torch.tensor([i if i in SELF else i + 1 if i % 2 else i - 1 for i in range(25)])
    u, v = dense.uv.flip(-1).unbind(1)
    u = torch.where(torch.isin(part, torch.tensor(TURNED_U)), 1 - u, u)
    v = torch.where(torch.isin(part, torch.tensor(TURNED_V)), 1 - v, v)
    return Dense(partner[part].to(torch.uint8), torch.stack([u, v], 1))
