"""What B2F is trained by: Eqs. 13 to 18."""

from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from reenactor_plugins.losses.adversarial import Loss, hinge_discriminator, hinge_generator
from reenactor_plugins.losses.matching import (
    Activations,
    feature_matching,
    mean_difference,
    perceptual,
)

LAMBDA_M = 5.0
"""Eq. 17's own."""
LAMBDA_FM = 10.0
LAMBDA_VGG = 10.0
LAMBDA_FACE = 1.0
"""The paper does not weigh Eqs. 15, 16 and 18: these are SPADE's two, and ours."""


@dataclass(frozen=True)
class B2FLoss:
    """The generator's terms, each without its weight. `face` is 0 where no face is in sight."""

    hinge: Loss
    matching: Loss
    vgg: Loss
    mask: Loss
    face: Loss

    def total(
        self,
        lambda_fm: float = LAMBDA_FM,
        lambda_vgg: float = LAMBDA_VGG,
        lambda_m: float = LAMBDA_M,
        lambda_face: float = LAMBDA_FACE,
    ) -> Loss:
        """L_hinge^G + lambda_FM L_FM^D + lambda_VGG L_FM^VGG + lambda_m L^m + lambda_face L_facep.

        The paper lists the terms and does not write this sum.
        """
        return (
            self.hinge
            + lambda_fm * self.matching
            + lambda_vgg * self.vgg
            + lambda_m * self.mask
            + lambda_face * self.face
        )


def masked(
    picture: Float[Tensor, "B 3 H W"], person: Float[Tensor, "B 1 H W"]
) -> Float[Tensor, "B 3 H W"]:
    """z^b, x^b = z * P^D+, x * P^D+: "all losses applied solely to the character".

    `person` is the binary parsing of Eq. 17 (`Parsing.mask`).
    """
    return picture * person


def hinge_over_k(fake: Sequence[Activations]) -> Loss:
    """Eq. 13, averaged over k as in SPADE: the paper writes D_{1,2} and no sum."""
    return _over_k([hinge_generator(f[-1]) for f in fake])


def b2f_discriminator_loss(real: Sequence[Activations], fake: Sequence[Activations]) -> Loss:
    """Eq. 14, averaged over k. Give activations of a detached generation."""
    return _over_k([hinge_discriminator(r[-1], f[-1]) for r, f in zip(real, fake, strict=True)])


def matching_over_k(real: Sequence[Activations], fake: Sequence[Activations]) -> Loss:
    """Eq. 15, averaged over k as in SPADE."""
    return _over_k([feature_matching(r, f) for r, f in zip(real, fake, strict=True)])


def vgg_matching(
    real: Activations, fake: Activations, weights: Sequence[float] | None = None
) -> Loss:
    """Eq. 16. `o` is not defined in the paper; o = z^b and x = x^b, like every other loss.

    Args:
        real, fake: the taps of VGG19 for x^b and z^b.
        weights: see `matching.perceptual`.
    """
    return perceptual(real, fake, weights)


def mask_loss(mask: Float[Tensor, "B 1 H W"], person: Float[Tensor, "B 1 H W"]) -> Loss:
    """Eq. 17 without lambda_m: 1/N || m - P^D+ ||_1."""
    return mean_difference(person, mask)


def person_difference(
    real: Float[Tensor, "B 3 H W"],
    fake: Float[Tensor, "B 3 H W"],
    person: Float[Tensor, "B 1 H W"],
) -> Loss:
    """|| x^b - z^b ||_1 for each pixel of the person and colour. The paper has no such term."""
    count = person.sum().clamp(min=1) * real.shape[1]
    return ((real.detach() - fake).abs() * person).sum() / count


def _over_k(terms: Sequence[Tensor]) -> Loss:
    return sum(terms[1:], start=terms[0]) / len(terms)
