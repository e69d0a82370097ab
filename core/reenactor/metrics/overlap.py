"""SSBS, SSIS, DPBS and DPIS: the overlap of two label maps (paper, section 4).

The paper defines the binary similarity as the IoU of the person's pixels and the index
similarity as the mean over body parts. We define what it leaves open: parts absent from both
pictures are skipped, parts present in only one count 0, and frames are averaged last. The
micro-averaged variants sum the pixels of all frames first, so that rare small parts do not
dominate.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float64, Int64, UInt8
from torch import Tensor

from reenactor.labels import Label

PARSING_PARTS = tuple(range(1, 20))
"""The 19 classes of VIP besides the background."""
DENSE_PARTS = tuple(range(1, 25))
"""DensePose's 24 parts."""


def vip_labels(labels: UInt8[Tensor, "T H W"]) -> UInt8[Tensor, "T H W"]:
    """Convert labels to VIP's 20 classes: hands, which VIP does not have, become arms."""
    out = labels.clone()
    out[labels == Label.LEFT_HAND] = Label.LEFT_ARM
    out[labels == Label.RIGHT_HAND] = Label.RIGHT_ARM
    return out


def counts(
    generated: UInt8[Tensor, "T H W"], truth: UInt8[Tensor, "T H W"], parts: Sequence[int]
) -> Int64[Tensor, "T P 2"]:
    """The intersection and union of each part in pixels."""
    out = torch.zeros(generated.shape[0], len(parts), 2, dtype=torch.int64)
    for place, part in enumerate(parts):
        a, b = generated == part, truth == part
        out[:, place, 0] = (a & b).sum((1, 2))
        out[:, place, 1] = (a | b).sum((1, 2))
    return out


def binary_counts(
    generated: UInt8[Tensor, "T H W"], truth: UInt8[Tensor, "T H W"]
) -> Int64[Tensor, "T 1 2"]:
    """Like `counts`, with the whole person as one part: all labels but 0."""
    return counts((generated > 0).to(torch.uint8), (truth > 0).to(torch.uint8), (1,))


def similarity(counted: Int64[Tensor, "T P 2"]) -> Float64[Tensor, " T"]:
    """Mean IoU of the parts of each frame, in [0, 1]; NaN if there are no parts."""
    both, either = counted.double().unbind(-1)
    return torch.nanmean(both / either, 1)


def micro_similarity(counted: Int64[Tensor, "T P 2"]) -> float:
    """Mean IoU of the parts, with pixels summed over all frames first; NaN without parts."""
    return float(similarity(counted.sum(0, keepdim=True))[0])
