"""Losses of the parser `taps`: cross entropy with larger weights for rare classes."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor_plugins.parser.taps.settings import TapsSettings


@dataclass(frozen=True)
class TapsLoss:
    """Unweighted cross entropies of the output and of the decoder's coarse output."""

    entropy: Float[Tensor, ""]
    auxiliary: Float[Tensor, ""]

    def total(self, weights: TapsSettings) -> Float[Tensor, ""]:
        """The weighted sum."""
        return weights.lambda_ce * self.entropy + weights.lambda_auxiliary * self.auxiliary


def taps_loss(
    logits: Float[Tensor, "N 21 H W"],
    coarse: Float[Tensor, "N 21 h w"],
    labels: UInt8[Tensor, "N H W"],
    weight: Float[Tensor, " 21"],
) -> TapsLoss:
    """Compute both cross entropies. The coarse output is compared with the labels at its pixel
    centres.

    Args:
        logits, coarse: outputs of `ParsingNetwork.with_auxiliary`.
        labels: classes of the network.
        weight: weight of each class.
    """
    truth = labels.long()
    stride = labels.shape[-1] // coarse.shape[-1]
    fewer = truth[:, stride // 2 :: stride, stride // 2 :: stride]
    return TapsLoss(F.cross_entropy(logits, truth, weight), F.cross_entropy(coarse, fewer, weight))


def class_weights(shares: Float[np.ndarray, " 21"]) -> Float[Tensor, " 21"]:
    """Class weights: larger for rare classes, half for background.

    Args:
        shares: share of all pixels for each class.
    """
    weights = np.clip((0.02 / np.maximum(shares, 1e-6)) ** 0.4, 0.35, 4)
    weights[0] = 0.5
    return torch.from_numpy(weights.astype(np.float32))
