"""Differentiable affine sampling of pictures."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F


def sampled(
    pictures: Float[Tensor, "T C H W"],
    matrix: Float[Tensor, "T 2 3"],
    size: tuple[int, int],
    *,
    repeat_edges: bool = True,
    nearest: bool = False,
) -> Float[Tensor, "T C h w"]:
    """Sample pictures so that the new pixel (x, y) is the old one at matrix @ (x, y, 1).

    Args:
        pictures: the input; pixel centres are at integer coordinates.
        matrix: maps new coordinates to old ones.
        size: height and width of the new pictures.
        repeat_edges: repeat the edge outside the picture, instead of 0.
        nearest: sample the nearest pixel instead of bilinearly.
    """
    height, width = pictures.shape[2:]
    y, x = torch.meshgrid(
        torch.arange(size[0], dtype=matrix.dtype, device=matrix.device),
        torch.arange(size[1], dtype=matrix.dtype, device=matrix.device),
        indexing="ij",
    )
    here = torch.stack([x, y, torch.ones_like(x)], -1)
    there = torch.einsum("tij,hwj->thwi", matrix, here)
    # grid_sample counts from -1 at the left edge of the first pixel to 1 at the right edge of
    # the last.
    extent = there.new_tensor([width, height])
    return F.grid_sample(
        pictures,
        ((2 * there + 1) / extent - 1).to(pictures.dtype),
        mode="nearest" if nearest else "bilinear",
        padding_mode="border" if repeat_edges else "zeros",
        align_corners=False,
    )


def box_to_square(box: Float[Tensor, "T 4"], size: int) -> Float[Tensor, "T 2 3"]:
    """Matrices for `sampled` that stretch boxes x0, y0, x1, y1 (edges) to size x size pixels."""
    low, high = box[:, :2], box[:, 2:]
    scale = (high - low) / size
    return torch.cat([torch.diag_embed(scale), (low + scale / 2)[..., None]], -1)


def inverted(matrix: Float[Tensor, "T 2 3"]) -> Float[Tensor, "T 2 3"]:
    """Invert affine matrices."""
    linear = torch.linalg.inv(matrix[:, :, :2])
    return torch.cat([linear, -linear @ matrix[:, :, 2:]], -1)
