"""Points from heat maps."""

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor
from torch.nn import functional as F

from reenactor_plugins.pose_estimator.openpose.network import STRIDE

SEEN = 0.05
"""Height from which a maximum is a point (OpenPose's)."""
MOST = 60
"""Points that are kept of one kind, the highest ones."""
REACH = 3
"""How many pixels around a maximum say where it lies."""

Points = Float32[np.ndarray, "_ 3"]
"""x, y in pixels of the network's input and height, the highest first."""


def enlarged(maps: Float[Tensor, "K h w"]) -> Float[Tensor, "K H W"]:
    """Heat maps at the size of the network's input."""
    return F.interpolate(maps[None], scale_factor=STRIDE, mode="bicubic", align_corners=False)[0]


def maxima(maps: Float[Tensor, "K H W"]) -> tuple[Points, ...]:
    """Every maximum of each map; where neighbours are equal, one of them.

    A maximum lies at the mean place of the pixels around it, weighted by their heights.
    """
    edged = F.pad(maps, (1, 1, 1, 1), value=-torch.inf)
    height, width = maps.shape[1:]
    top = maps > SEEN
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            beside = edged[:, 1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
            if (dy, dx) < (0, 0):
                top &= maps > beside
            elif (dy, dx) > (0, 0):
                top &= maps >= beside
    return tuple(_located(one.numpy(), where.numpy()) for one, where in zip(maps, top, strict=True))


def highest(maps: Float[Tensor, "K H W"]) -> Float[Tensor, "K 3"]:
    """x, y and height of the highest pixel of each map."""
    height, index = maps.flatten(1).max(1)
    width = maps.shape[2]
    return torch.stack([index % width, index // width, height], -1).float()


def _located(heat: np.ndarray, top: np.ndarray) -> Points:
    rows, columns = np.nonzero(top)
    order = np.argsort(-heat[rows, columns], kind="stable")[:MOST]
    points = np.empty((len(order), 3), np.float32)
    for n, (row, column) in enumerate(zip(rows[order], columns[order], strict=True)):
        up, left = max(0, row - REACH), max(0, column - REACH)
        window = np.maximum(heat[up : row + REACH + 1, left : column + REACH + 1], 0)
        y, x = np.mgrid[up : up + window.shape[0], left : left + window.shape[1]]
        total = window.sum()
        points[n] = (x * window).sum() / total, (y * window).sum() / total, heat[row, column]
    return points
