"""SSBS, SSIS, DPBS and DPIS: how far two label maps cover the same pixels (paper, section 4).

The paper defines the binary similarity as the IoU of the person's pixels and the index
similarity as the mean over body parts. What it leaves open is settled so: a part that is in
neither picture is skipped, one that is in only one of them counts 0, and frames are averaged
afterwards. The micro figures add up the pixels of all frames first, so that a small part seen
in two frames weighs no more than it is large.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float64, Int64, UInt8
from torch import Tensor

from reenactor.labels import Label

PARSING_PARTS = tuple(range(1, 20))
"""The 19 classes of VIP beside the background."""
DENSE_PARTS = tuple(range(1, 25))
"""DensePose's 24 parts."""


def vip_labels(labels: UInt8[Tensor, "T H W"]) -> UInt8[Tensor, "T H W"]:
    """Labels in VIP's 20 classes: the two hands, which VIP has not, become arms."""
    out = labels.clone()
    out[labels == Label.LEFT_HAND] = Label.LEFT_ARM
    out[labels == Label.RIGHT_HAND] = Label.RIGHT_ARM
    return out


def counts(
    generated: UInt8[Tensor, "T H W"], truth: UInt8[Tensor, "T H W"], parts: Sequence[int]
) -> Int64[Tensor, "T P 2"]:
    """Pixels of each part in both pictures, and in at least one of them."""
    out = torch.zeros(generated.shape[0], len(parts), 2, dtype=torch.int64)
    for place, part in enumerate(parts):
        a, b = generated == part, truth == part
        out[:, place, 0] = (a & b).sum((1, 2))
        out[:, place, 1] = (a | b).sum((1, 2))
    return out


def binary_counts(
    generated: UInt8[Tensor, "T H W"], truth: UInt8[Tensor, "T H W"]
) -> Int64[Tensor, "T 1 2"]:
    """The same for the person as one part: every label but 0."""
    return counts((generated > 0).to(torch.uint8), (truth > 0).to(torch.uint8), (1,))


def similarity(counted: Int64[Tensor, "T P 2"]) -> Float64[Tensor, " T"]:
    """Mean IoU of the parts of each frame, in [0, 1]; NaN where neither picture has any part."""
    both, either = counted.double().unbind(-1)
    return torch.nanmean(both / either, 1)


def micro_similarity(counted: Int64[Tensor, "T P 2"]) -> float:
    """Mean IoU of the parts, their pixels added up over all frames first; NaN without any."""
    return float(similarity(counted.sum(0, keepdim=True))[0])
