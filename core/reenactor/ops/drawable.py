"""Rejects key points that cannot belong to a person in a picture."""

import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.values import Skeleton

FEWEST = 3
"""The minimum number of visible points: two are always on a line."""
THINNEST, NARROWEST = 0.02, 0.5
"""The minimum standard deviation of points across a body, relative to that along it, and in pixels.
In the clips used to choose it, nobody was below 0.07."""
FARTHEST = 10
"""The maximum distance of a point from the picture, in picture sides."""


def drawable(people: Skeleton, size: tuple[int, int]) -> Bool[Tensor, " T"]:
    """Which of T people can be drawn.

    Excludes people whose body points coincide, lie on a line or are all outside the picture, and
    people with a point far away from it.

    Args:
        people: key points in pixels of the picture; confidence 0 means unknown.
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
