"""Likeness in the activations of a network: discriminators, VGG, VGGFace2."""

from collections.abc import Iterable, Sequence

from torch import Tensor

from reenactor_plugins.losses.adversarial import Loss

Activations = Sequence[Tensor]
"""Of one network, layer by layer."""

SPADE_WEIGHTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)
"""By which pix2pixHD and SPADE weigh VGG's five layers; Eq. 16 has none."""


def mean_difference(real: Tensor, fake: Tensor) -> Loss:
    """1/N || real - fake ||_1, with the expectation over the batch."""
    return (real.detach() - fake).abs().mean()


def feature_matching(real: Activations, fake: Activations) -> Loss:
    """Eqs. 11 and 15 for one k: E sum_{j=1..M} 1/N_j || D_k^(j)(real) - D_k^(j)(fake) ||_1.

    Args:
        real, fake: what a discriminator gives: its activations and last its scores. The scores
            are no activations and are left out, as in pix2pixHD.
    """
    return _summed(mean_difference(r, f) for r, f in zip(real[:-1], fake[:-1], strict=True))


def perceptual(
    real: Activations, fake: Activations, weights: Sequence[float] | None = None
) -> Loss:
    """Eq. 16: sum_j 1/N'_j || VGG^(j)(x) - VGG^(j)(o) ||_1.

    Args:
        real, fake: the taps of `VGG19` (or, for Eq. 18, of `VGGFace2`).
        weights: of each layer; none in the paper, `SPADE_WEIGHTS` in what it follows.
    """
    weights = [1.0] * len(real) if weights is None else weights
    return _summed(
        weight * mean_difference(r, f) for weight, r, f in zip(weights, real, fake, strict=True)
    )


def _summed(terms: Iterable[Tensor]) -> Loss:
    first, *rest = terms
    return sum(rest, start=first)
