"""Contextual attention (Yu et al. 2018): rebuilds a hole from patches outside it."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

SHARPNESS = 10.0
"""Scale of the softmax over similarities."""
FAINTEST = 1e-4
"""Minimum norm of a patch, against division by 0."""


def attended(
    features: Float[Tensor, "1 C H W"], hole: Float[Tensor, "1 1 H W"], *, corners: bool
) -> Float[Tensor, "1 C H W"]:
    """Rebuild features from 4x4 patches that do not touch the hole.

    Normalised 3x3 patches are compared at half resolution; scores are then propagated between
    neighbouring positions. H and W must be even.

    Args:
        features: features of one picture.
        hole: 1 in the hole.
        corners: how pictures are downsampled, see `shrunk`.
    """
    height, width = features.shape[2:]
    rows, columns = height // 2, width // 2
    patches = F.unfold(shrunk(features, 2, corners=corners), 3, padding=1)[0]
    norm = patches.norm(dim=0, keepdim=True).clamp(min=FAINTEST)
    score = (patches / norm).T @ patches  # patches x queries
    score = _supported(score, rows, columns)
    small_hole = shrunk(hole, 2, corners=corners)
    known = (F.unfold(small_hole, 3, padding=1)[0].sum(0) == 0).to(score.dtype)[:, None]
    weight = torch.softmax(score * known * SHARPNESS, 0) * known
    pieces = F.unfold(features, 4, padding=1, stride=2)[0] @ weight
    # Each pixel is covered by four patches.
    return F.fold(pieces[None], (height, width), 4, padding=1, stride=2) / 4


def shrunk(
    pictures: Float[Tensor, "B C H W"], factor: int, *, corners: bool
) -> Float[Tensor, "B C h w"]:
    """Take every `factor`-th pixel; with `corners`, aligned to the picture's corners.

    The latter is "align corners" of the authors' TensorFlow program.
    """
    if not corners:
        return pictures[:, :, ::factor, ::factor]

    def taken(size: int) -> Tensor:
        positions = torch.linspace(0, size - 1, size // factor, dtype=torch.float64)
        return (positions + 0.5).floor().long().to(pictures.device)

    return pictures[:, :, taken(pictures.shape[2])][:, :, :, taken(pictures.shape[3])]


def _supported(score: Float[Tensor, "L L"], rows: int, columns: int) -> Float[Tensor, "L L"]:
    """Add the scores of horizontal, then of vertical neighbours."""
    score = _diagonal(score)
    turned = score.view(rows, columns, rows, columns).permute(1, 0, 3, 2).reshape(score.shape)
    turned = _diagonal(turned)
    return turned.view(columns, rows, columns, rows).permute(1, 0, 3, 2).reshape(score.shape)


def _diagonal(score: Float[Tensor, "L L"]) -> Float[Tensor, "L L"]:
    """Add the previous and next value on the diagonal to each value."""
    out = score.clone()
    out[1:, 1:] += score[:-1, :-1]
    out[:-1, :-1] += score[1:, 1:]
    return out
