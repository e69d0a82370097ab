"""P2B's losses: Eqs. 9 to 12."""

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
    """The terms of Eq. 9, unweighted."""

    least_squares: Loss
    matching: Loss
    entropy: Loss

    def total(self, weights: P2BSettings) -> Loss:
        """Eq. 9: sum_{k=1,2} (L_LS^k + lambda_D L_FM^k) + lambda_CE L_CE.

        The sum over k is a sum, not a mean. pix2pixHD's own lambda for feature matching is 10
        with a mean over k: 40 is 8 times as much. L_LS has no weight in the paper: it is 1.
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
    """The generator's loss.

    Args:
        real, fake: outputs of D_1 and D_2 for the ground truth (one-hot) and for
                `probabilities(logits)`, each concatenated with the generator's inputs if
                conditional. Empty without discriminators: the first two terms are 0.
        logits: P2B's output before its sigmoid.
        labels: the ground truth.
        entropy, balance: see `cross_entropy`.
    """
    return P2BLoss(
        least_squares=_sum_over_k([least_squares_generator(f[-1]) for f in fake]),
        matching=_sum_over_k([feature_matching(r, f) for r, f in zip(real, fake, strict=True)]),
        entropy=cross_entropy(logits, labels, entropy, balance),
    )


def p2b_discriminator_loss(real: Sequence[Activations], fake: Sequence[Activations]) -> Loss:
    """The discriminators' loss, summed over k. Fake activations must come from detached output."""
    return _sum_over_k(
        [least_squares_discriminator(r[-1], f[-1]) for r, f in zip(real, fake, strict=True)]
    )


def probabilities(logits: Float[Tensor, "B 22 H W"]) -> Float[Tensor, "B 22 H W"]:
    """The discriminators' input: "a sigmoid non-linearity is applied after the last convolution".

    The sigmoid is monotonic, so the parsing is the argmax of the logits.
    """
    return logits.sigmoid()


def cross_entropy(
    logits: Float[Tensor, "B 22 H W"],
    labels: UInt8[Tensor, "B H W"],
    entropy: Entropy = "ce",
    balance: float = 0.0,
) -> Loss:
    """Eq. 12: CE(P^M, P2B(p)).

    The paper has both a sigmoid and a cross entropy. `ce` is the cross entropy of a softmax over
    the classes; `bce` is a binary cross entropy per channel.

    Args:
        balance: a pixel's weight is n^-balance, where n is the number of pixels of its class in
                the batch (ours). 0 is Eq. 12; with 1 a hand weighs as much as the background.
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
