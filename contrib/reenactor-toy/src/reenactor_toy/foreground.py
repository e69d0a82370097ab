"""Separates a person from a plain wall."""

import torch
from jaxtyping import Bool, UInt8
from torch import Tensor


def foreground(pixels: UInt8[Tensor, "T H W 3"], threshold: int) -> Bool[Tensor, "T H W"]:
    """True for pixels unlike the wall, whose colour is the median of the frame's border."""
    border = torch.cat([pixels[:, 0], pixels[:, -1], pixels[:, :, 0], pixels[:, :, -1]], 1)
    wall = border.median(1).values[:, None, None]
    return (pixels.int() - wall.int()).abs().amax(-1) > threshold
