"""What P2B is trained by: Eqs. 9 to 12."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional as F

from reenactor_plugins.body_generator.p2b.settings import P2BSettings
from reenactor_plugins.losses.adversarial import (
    Loss,
    least_squares_discriminator,
    least_squares_generator,
)
from reenactor_plugins.losses.matching import Activations, feature_matching

Entropy = Literal["ce", "bce"]


@dataclass(frozen=True)
class P2BLoss:
    """The terms of Eq. 9, each without its weight."""

    least_squares: Loss
    matching: Loss
    entropy: Loss

    def total(self, weights: P2BSettings) -> Loss:
        """Eq. 9: sum_{k=1,2} (L_LS^k + lambda_D L_FM^k) + lambda_CE L_CE.

        The sum over k is a sum, not a mean. pix2pixHD's own lambda for feature matching is 10
        with a mean over k: 40 is 8 times as much. The paper has no weight of L_LS: it is 1.
        """
        return (
            weights.lambda_ls * self.least_squares
            + weights.lambda_d * self.matching
            + weights.lambda_ce * self.entropy
        )


def p2b_loss(
    real: Sequence[Activations],
    fake: Sequence[Activations],
    logits: Float[Tensor, "B 22 H W"],
    labels: UInt8[Tensor, "B H W"],
    entropy: Entropy = "ce",
    balance: float = 0.0,
) -> P2BLoss:
    """The generator's side.

    Args:
        real, fake: what D_1 and D_2 give for the ground truth (one-hot) and for
            `probabilities(logits)`; each with the generator's inputs beside it, if conditional.
            Empty without discriminators: then the first two terms are 0.
        logits: P2B's output before its sigmoid.
        labels: the ground truth.
        entropy, balance: how Eq. 12 is read, see `cross_entropy`.
    """
    return P2BLoss(
        least_squares=_sum_over_k([least_squares_generator(f[-1]) for f in fake]),
        matching=_sum_over_k([feature_matching(r, f) for r, f in zip(real, fake, strict=True)]),
        entropy=cross_entropy(logits, labels, entropy, balance),
    )


def p2b_discriminator_loss(real: Sequence[Activations], fake: Sequence[Activations]) -> Loss:
    """The discriminators' side, summed over k. Give activations of a detached generation."""
    return _sum_over_k(
        [least_squares_discriminator(r[-1], f[-1]) for r, f in zip(real, fake, strict=True)]
    )


def probabilities(logits: Float[Tensor, "B 22 H W"]) -> Float[Tensor, "B 22 H W"]:
    """ "A sigmoid non-linearity is applied after the last convolution": what D sees.

    The largest channel is the same before and after, so a parsing is the logits' argmax.
    """
    return logits.sigmoid()


def cross_entropy(
    logits: Float[Tensor, "B 22 H W"],
    labels: UInt8[Tensor, "B H W"],
    entropy: Entropy = "ce",
    balance: float = 0.0,
) -> Loss:
    """Eq. 12: CE(P^M, P2B(p)).

    The paper has both a sigmoid and a cross entropy. `ce` takes the cross entropy of a softmax
    over the classes, of which each pixel has one; `bce` takes the sigmoid at its word, a binary
    cross entropy in each channel.

    Args:
        balance: a pixel counts by n^-balance, n being the pixels of its class in the batch (ours).
            0 is Eq. 12; 1 lets a hand weigh as much as the background.
    """
    classes = logits.shape[1]
    wanted = labels.long()
    weight = wanted.flatten().bincount(minlength=classes).clamp(min=1).to(logits.dtype) ** -balance
    if entropy == "ce":
        return F.cross_entropy(logits, wanted, weight)
    one_hot = F.one_hot(wanted, classes).permute(0, 3, 1, 2).to(logits.dtype)
    each = F.binary_cross_entropy_with_logits(logits, one_hot, reduction="none").mean(1)
    return (each * weight[wanted]).sum() / weight[wanted].sum()


def _sum_over_k(terms: Sequence[Tensor]) -> Loss:
    return sum(terms[1:], start=terms[0]) if terms else torch.zeros(())
