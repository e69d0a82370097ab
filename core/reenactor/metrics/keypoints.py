"""AKD, MKR and PCK: compares the pose and the hands in the result with the true ones."""

import torch
from jaxtyping import Bool, Float, Float64
from torch import Tensor

from reenactor.joints import Joint

SEEN = 0.05
"""Key points below this confidence count as missing."""
POINTS: tuple[int, ...] = (*range(8), *range(9, 19))
"""The 18 points of COCO's OpenPose layout among BODY_25: no mid hip, no feet."""


def akd(
    generated: Float[Tensor, "T 25 3"], truth: Float[Tensor, "T 25 3"]
) -> Float64[Tensor, " T"]:
    """Average key point distance: mean |dx| + |dy| in pixels over the points found in both.

    NaN if no point was found in both. Distances are L1, as in the pose-evaluation project.
    """
    both = _seen(generated) & _seen(truth)
    distance = (_xy(generated) - _xy(truth)).abs().sum(-1)
    return torch.where(both, distance, 0).sum(1) / both.sum(1)


def mkr(
    generated: Float[Tensor, "T 25 3"], truth: Float[Tensor, "T 25 3"]
) -> Float64[Tensor, " T"]:
    """Missing key point rate in [0, 1]: true points that are not found. NaN without true points."""
    there = _seen(truth)
    return (there & ~_seen(generated)).sum(1).double() / there.sum(1)


def pck(
    generated: Float[Tensor, "T 25 3"], truth: Float[Tensor, "T 25 3"], alpha: float = 0.2
) -> Float64[Tensor, " T"]:
    """Share of the true points found within `alpha` torso lengths (neck to mid hip, true pose).

    Missing points count as wrong. NaN if the true pose has no torso.
    """
    there = _seen(truth)
    torso = truth[:, [Joint.NECK, Joint.MID_HIP]].double()
    length = (torso[:, 0, :2] - torso[:, 1, :2]).norm(dim=-1)
    length = torch.where((torso[..., 2] > SEEN).all(1), length, torch.nan)
    near = (_xy(generated) - _xy(truth)).norm(dim=-1) < alpha * length[:, None]
    share = (near & there & _seen(generated)).sum(1).double() / there.sum(1)
    return torch.where(length.isnan(), torch.nan, share)


def hand_pck(
    generated: Float[Tensor, "T 2 21 3"], truth: Float[Tensor, "T 2 21 3"], alpha: float = 0.2
) -> Float64[Tensor, " T"]:
    """Share of the true points of both hands that are found near, in [0, 1].

    Near is within `alpha` times the longer side of the box around the true hand (Wang et al. 2018).
    Missing points count as wrong. NaN if the true picture shows no hand.
    """
    there = truth[..., 2] > SEEN
    xy, known = truth[..., :2].double(), there[..., None]
    low = torch.where(known, xy, torch.inf).amin(2)
    high = torch.where(known, xy, -torch.inf).amax(2)
    side = (high - low).amax(-1, keepdim=True)
    found = (generated[..., 2] > SEEN) & there
    near = (generated[..., :2].double() - xy).norm(dim=-1) < alpha * side
    share: Tensor = (near & found).sum((1, 2)).double() / there.sum((1, 2))
    return share


def _seen(body: Tensor) -> Bool[Tensor, "T 18"]:
    return body[:, list(POINTS), 2] > SEEN


def _xy(body: Tensor) -> Float64[Tensor, "T 18 2"]:
    return body[:, list(POINTS), :2].double()
