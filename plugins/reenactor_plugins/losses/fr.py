"""What FR is trained by: Eq. 18, and the terms it takes over from the de-identification network.

The paper says that "the rest of the loss terms (reconstruction losses, mask regularization
losses, adversarial losses) are the same as [15]" (Gafni, Wolf, Taigman 2019) and gives none of
them. They are written here from what is known of that paper, which we could not read in full:
the form of each term is meant to be its, the weights are a choice of ours that can be changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from reenactor_plugins.losses.adversarial import Loss
from reenactor_plugins.losses.matching import mean_difference, perceptual

FACE_LAYERS = (112, 56, 28, 7, 1)
"""The sizes j that Eq. 18 names; it leaves 14 out."""


def face_perceptual(
    real: Mapping[int, Tensor], fake: Mapping[int, Tensor], layers: tuple[int, ...] = FACE_LAYERS
) -> Loss:
    """Eq. 18: sum_j 1/N_j || VGGFace_j(c_I) - VGGFace_j(c) ||_1.

    The paper compares c_I with FR's *input* c^0, which has no gradient; c is FR's output, raw or
    blended (use both). It also serves B2F, on the face's place in x and z (section 3.2).

    Args:
        real, fake: what `VGGFace2.taps` gives.
        layers: which of them count.
    """
    return perceptual([real[j] for j in layers], [fake[j] for j in layers])


@dataclass(frozen=True)
class FRWeights:
    """Of each term of `FRLoss`. Ours, of the size that [15] is remembered to use."""

    adversarial: float = 0.5
    raw: float = 0.5
    blended: float = 0.5
    edges: float = 0.5
    perceptual: float = 1.0
    mask: float = 3e-3
    mask_edges: float = 1e-2


@dataclass(frozen=True)
class FRLoss:
    """The generator's terms, each without its weight."""

    adversarial: Loss
    raw: Loss
    blended: Loss
    edges: Loss
    perceptual: Loss
    mask: Loss
    mask_edges: Loss

    def total(self, weights: FRWeights | None = None) -> Loss:
        """The weighted sum."""
        w = FRWeights() if weights is None else weights
        return (
            w.adversarial * self.adversarial
            + w.raw * self.raw
            + w.blended * self.blended
            + w.edges * self.edges
            + w.perceptual * self.perceptual
            + w.mask * self.mask
            + w.mask_edges * self.mask_edges
        )


def blended(
    crop: Float[Tensor, "B 3 S S"],
    mask: Float[Tensor, "B 1 S S"],
    before: Float[Tensor, "B 3 S S"],
) -> Float[Tensor, "B 3 S S"]:
    """m^c * c + (1 - m^c) * c^0: the face as it is pasted back."""
    return mask * crop + (1 - mask) * before


def reconstruction(real: Float[Tensor, "B 3 S S"], fake: Float[Tensor, "B 3 S S"]) -> Loss:
    """1/N || x - c ||_1, for the raw and for the blended crop."""
    return mean_difference(real, fake)


def edge_reconstruction(real: Float[Tensor, "B 3 S S"], fake: Float[Tensor, "B 3 S S"]) -> Loss:
    """The same for the differences between neighbours, across and down: sharp edges."""
    return mean_difference(_across(real), _across(fake)) + mean_difference(_down(real), _down(fake))


def mask_size(mask: Float[Tensor, "B 1 S S"]) -> Loss:
    """1/N || m^c ||_1: what need not be changed stays."""
    return mask.abs().mean()


def mask_edges(mask: Float[Tensor, "B 1 S S"]) -> Loss:
    """1/N (|| dm^c/dx ||_1 + || dm^c/dy ||_1): a smooth mask."""
    return _across(mask).abs().mean() + _down(mask).abs().mean()


def _across(picture: Float[Tensor, "B C H W"]) -> Tensor:
    return picture[..., 1:] - picture[..., :-1]


def _down(picture: Float[Tensor, "B C H W"]) -> Tensor:
    return picture[..., 1:, :] - picture[..., :-1, :]
