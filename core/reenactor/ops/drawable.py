"""Whether key points can be those of a person in a picture at all."""

import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.values import Skeleton

FEWEST = 3
"""Points that are seen: two are always on a line."""
THINNEST, NARROWEST = 0.02, 0.5
"""The standard deviation of points across a body, as a share of that along it, and in pixels.
Nobody in the clips that this was measured on was thinner than 0.07."""
FARTHEST = 10
"""Sides of the picture by which a point may be away from it."""


def drawable(people: Skeleton, size: tuple[int, int]) -> Bool[Tensor, " T"]:
    """Which of T people can be drawn: not those whose body's points are all in one place, on one
    line, or outside of the picture, nor those of whom any point is far away from it.

    Args:
        people: in pixels of a picture; a confidence of 0 says that a point is not known.
        size: height and width of the picture.
    """
    sides = torch.tensor([size[1], size[0]])
    xy, seen = people.body[..., :2].double(), people.body[..., 2] > 0
    count = seen.sum(1)
    weight = seen[..., None] / count.clamp(min=1)[:, None, None]
    offset = xy - (weight * xy).sum(1, keepdim=True)
    spread = torch.linalg.eigvalsh((weight * offset).transpose(1, 2) @ offset).clamp(min=0).sqrt()
    thin = spread[:, 0] < (THINNEST * spread[:, 1]).clamp(min=NARROWEST)
    inside = seen & ((xy >= 0) & (xy < sides)).all(-1)
    points = torch.cat([people.body, people.hands.flatten(1, 2), people.face], 1)
    beyond = (points[..., :2] / sides - 0.5).abs().amax(-1) > FARTHEST + 0.5
    far = beyond & (points[..., 2] > 0)
    found: Tensor = (count >= FEWEST) & ~thin & inside.any(1) & ~far.any(1)
    return found
