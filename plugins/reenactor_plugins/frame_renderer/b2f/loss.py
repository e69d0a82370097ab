"""B2F's losses: Eqs. 13 to 18. Shared terms are in `matching`."""

from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from reenactor_plugins.frame_renderer.b2f.settings import B2FSettings
from reenactor_plugins.losses.adversarial import Loss, hinge_discriminator, hinge_generator
from reenactor_plugins.losses.matching import Activations, feature_matching, mean_difference


@dataclass(frozen=True)
class B2FLoss:
    """The generator's loss terms, unweighted.

    `vgg` is Eq. 16, `face` Eq. 18 (0 if no face is visible); `l1` is not in the paper.
    """

    hinge: Loss
    matching: Loss
    vgg: Loss
    mask: Loss
    face: Loss
    l1: Loss

    def total(self, weights: B2FSettings) -> Loss:
        """lambda_hinge L_hinge^G + lambda_FM L_FM^D + lambda_VGG L_FM^VGG + lambda_m L^m
        + lambda_face L_facep + lambda_L1 L_1.

        The paper lists the terms but not their sum; its only weight is lambda_m = 5.
        """
        return (
            weights.lambda_hinge * self.hinge
            + weights.lambda_fm * self.matching
            + weights.lambda_vgg * self.vgg
            + weights.lambda_m * self.mask
            + weights.lambda_face * self.face
            + weights.lambda_l1 * self.l1
        )


def hinge_over_k(fake: Sequence[Activations]) -> Loss:
    """Eq. 13, averaged over k as in SPADE; the paper writes D_{1,2} without a sum."""
    return _mean_over_k([hinge_generator(f[-1]) for f in fake])


def b2f_discriminator_loss(real: Sequence[Activations], fake: Sequence[Activations]) -> Loss:
    """Eq. 14, averaged over k. The fake activations must come from a detached picture."""
    return _mean_over_k(
        [hinge_discriminator(r[-1], f[-1]) for r, f in zip(real, fake, strict=True)]
    )


def matching_over_k(real: Sequence[Activations], fake: Sequence[Activations]) -> Loss:
    """Eq. 15, averaged over k as in SPADE."""
    return _mean_over_k([feature_matching(r, f) for r, f in zip(real, fake, strict=True)])


def mask_loss(mask: Float[Tensor, "B 1 H W"], person: Float[Tensor, "B 1 H W"]) -> Loss:
    """Eq. 17 without lambda_m: 1/N || m - P^D+ ||_1."""
    return mean_difference(person, mask)


def _mean_over_k(terms: Sequence[Tensor]) -> Loss:
    return sum(terms[1:], start=terms[0]) / len(terms)
