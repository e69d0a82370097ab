"""FR's losses besides Eq. 18: those of the de-identification network.

The paper says that "the rest of the loss terms (reconstruction losses, mask regularization
losses, adversarial losses) are the same as [15]" (Gafni, Wolf, Taigman 2019) and gives none of
them. They are written here from what is known of that paper, which we could not read in full:
the form of each term is meant to follow it; the weights are ours and can be changed.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from reenactor_plugins.face_refiner.fr.settings import FRSettings
from reenactor_plugins.losses.adversarial import Loss
from reenactor_plugins.losses.matching import mean_difference


@dataclass(frozen=True)
class FRLoss:
    """The generator's loss terms, unweighted."""

    adversarial: Loss
    raw: Loss
    blended: Loss
    edges: Loss
    perceptual: Loss
    mask: Loss
    mask_edges: Loss

    def total(self, weights: FRSettings) -> Loss:
        """The weighted sum."""
        return (
            weights.lambda_adversarial * self.adversarial
            + weights.lambda_raw * self.raw
            + weights.lambda_blended * self.blended
            + weights.lambda_edges * self.edges
            + weights.lambda_perceptual * self.perceptual
            + weights.lambda_mask * self.mask
            + weights.lambda_mask_edges * self.mask_edges
        )


def blended(
    crop: Float[Tensor, "B 3 S S"],
    mask: Float[Tensor, "B 1 S S"],
    before: Float[Tensor, "B 3 S S"],
) -> Float[Tensor, "B 3 S S"]:
    """m^c * c + (1 - m^c) * c^0: the blended face."""
    return mask * crop + (1 - mask) * before


def reconstruction(real: Float[Tensor, "B 3 S S"], fake: Float[Tensor, "B 3 S S"]) -> Loss:
    """1/N || x - c ||_1, for the raw and for the blended crop."""
    return mean_difference(real, fake)


def edge_reconstruction(real: Float[Tensor, "B 3 S S"], fake: Float[Tensor, "B 3 S S"]) -> Loss:
    """L1 of the horizontal and vertical gradients: sharp edges."""
    return mean_difference(_across(real), _across(fake)) + mean_difference(_down(real), _down(fake))


def mask_size(mask: Float[Tensor, "B 1 S S"]) -> Loss:
    """1/N || m^c ||_1: keeps changes small."""
    return mask.abs().mean()


def mask_edges(mask: Float[Tensor, "B 1 S S"]) -> Loss:
    """1/N (|| dm^c/dx ||_1 + || dm^c/dy ||_1): a smooth mask."""
    return _across(mask).abs().mean() + _down(mask).abs().mean()


def _across(picture: Float[Tensor, "B C H W"]) -> Tensor:
    return picture[..., 1:] - picture[..., :-1]


def _down(picture: Float[Tensor, "B C H W"]) -> Tensor:
    return picture[..., 1:, :] - picture[..., :-1, :]
