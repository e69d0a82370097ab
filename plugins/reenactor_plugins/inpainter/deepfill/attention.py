"""Contextual attention (Yu et al. 2018): what is in a hole is made of patches from outside it."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

SHARPNESS = 10.0
"""Factor of the softmax over similarities."""
FAINTEST = 1e-4
"""Norm below which a patch counts as empty."""


def attended(
    features: Float[Tensor, "1 C H W"], hole: Float[Tensor, "1 1 H W"], *, corners: bool
) -> Float[Tensor, "1 C H W"]:
    """Every place rebuilt from 4x4 patches of places that do not touch the hole.

    Patches are compared at half the resolution, 3x3 and normalised, so that a score is the cosine
    times the norm of the place that looks; scores of neighbours that look at neighbours support
    each other. H and W are even.

    Args:
        features: of one picture.
        hole: 1 where nothing is known.
        corners: how pictures are halved, see `shrunk`.
    """
    height, width = features.shape[2:]
    rows, columns = height // 2, width // 2
    patches = F.unfold(shrunk(features, 2, corners=corners), 3, padding=1)[0]
    norm = patches.norm(dim=0, keepdim=True).clamp(min=FAINTEST)
    score = (patches / norm).T @ patches  # who is looked at x who looks
    score = _supported(score, rows, columns)
    small_hole = shrunk(hole, 2, corners=corners)
    known = (F.unfold(small_hole, 3, padding=1)[0].sum(0) == 0).to(score.dtype)[:, None]
    weight = torch.softmax(score * known * SHARPNESS, 0) * known
    pieces = F.unfold(features, 4, padding=1, stride=2)[0] @ weight
    # Every pixel lies in four patches.
    return F.fold(pieces[None], (height, width), 4, padding=1, stride=2) / 4


def shrunk(
    pictures: Float[Tensor, "B C H W"], factor: int, *, corners: bool
) -> Float[Tensor, "B C h w"]:
    """Every `factor`-th pixel; with `corners`, as far apart as the picture's corners allow.

    The latter is what the authors' TensorFlow program does ("align corners").
    """
    if not corners:
        return pictures[:, :, ::factor, ::factor]

    def taken(size: int) -> Tensor:
        positions = torch.linspace(0, size - 1, size // factor, dtype=torch.float64)
        return (positions + 0.5).floor().long().to(pictures.device)

    return pictures[:, :, taken(pictures.shape[2])][:, :, :, taken(pictures.shape[3])]


def _supported(score: Float[Tensor, "L L"], rows: int, columns: int) -> Float[Tensor, "L L"]:
    """Scores plus those of both horizontal, then of both vertical neighbours."""
    score = _diagonal(score)
    turned = score.view(rows, columns, rows, columns).permute(1, 0, 3, 2).reshape(score.shape)
    turned = _diagonal(turned)
    return turned.view(columns, rows, columns, rows).permute(1, 0, 3, 2).reshape(score.shape)


def _diagonal(score: Float[Tensor, "L L"]) -> Float[Tensor, "L L"]:
    """Each number plus the one before and the one behind it on its diagonal."""
    out = score.clone()
    out[1:, 1:] += score[:-1, :-1]
    out[:-1, :-1] += score[1:, 1:]
    return out
