"""Reconstruction, feature matching and perceptual losses."""

from collections.abc import Iterable, Mapping, Sequence

from jaxtyping import Float
from torch import Tensor

from reenactor_plugins.losses.adversarial import Loss

Activations = Sequence[Tensor]
"""Activations of one network, layer by layer."""

FACE_LAYERS = (112, 56, 28, 7, 1)
"""The spatial sizes j used by Eq. 18; it omits 14."""


def mean_difference(real: Tensor, fake: Tensor) -> Loss:
    """1/N || real - fake ||_1, with the expectation over the batch."""
    return (real.detach() - fake).abs().mean()


def feature_matching(real: Activations, fake: Activations) -> Loss:
    """Eqs. 11 and 15 for one k: E sum_{j=1..M} 1/N_j || D_k^(j)(real) - D_k^(j)(fake) ||_1.

    Args:
        real, fake: a discriminator's activations followed by its scores, which are left out, as
            in pix2pixHD.
    """
    return _summed(mean_difference(r, f) for r, f in zip(real[:-1], fake[:-1], strict=True))


def perceptual(
    real: Activations, fake: Activations, weights: Sequence[float] | None = None
) -> Loss:
    """Eq. 16: sum_j 1/N'_j || VGG^(j)(x) - VGG^(j)(o) ||_1.

    The paper does not define `o`; o = z^b and x = x^b, as in every other loss of B2F.

    Args:
        real, fake: features from `VGG19Features` (for Eq. 18: `VGGFace2.features`).
        weights: a weight per layer; the paper has none, SPADE 1/32, 1/16, 1/8, 1/4 and 1.
    """
    weights = [1.0] * len(real) if weights is None else weights
    return _summed(
        weight * mean_difference(r, f) for weight, r, f in zip(weights, real, fake, strict=True)
    )


def face_perceptual(
    real: Mapping[int, Tensor], fake: Mapping[int, Tensor], layers: tuple[int, ...] = FACE_LAYERS
) -> Loss:
    """Eq. 18: sum_j 1/N_j || VGGFace_j(c_I) - VGGFace_j(c) ||_1.

    The paper compares c_I with FR's *input* c^0, which has no gradient; c is FR's output, raw or
    blended (use both). B2F uses it too, on the face crops of x and z (section 3.2).

    Args:
        real, fake: features from `VGGFace2.features`.
        layers: the spatial sizes to compare.
    """
    return perceptual([real[j] for j in layers], [fake[j] for j in layers])


def masked(
    picture: Float[Tensor, "B 3 H W"], person: Float[Tensor, "B 1 H W"]
) -> Float[Tensor, "B 3 H W"]:
    """z^b, x^b = z * P^D+, x * P^D+: "all losses applied solely to the character".

    `person` is the binary parsing of Eq. 17 (`Parsing.mask`).
    """
    return picture * person


def person_difference(
    real: Float[Tensor, "B 3 H W"],
    fake: Float[Tensor, "B 3 H W"],
    person: Float[Tensor, "B 1 H W"],
) -> Loss:
    """|| x^b - z^b ||_1 for each pixel of the person and colour. Not in the paper."""
    count = person.sum().clamp(min=1) * real.shape[1]
    return ((real.detach() - fake).abs() * person).sum() / count


def _summed(terms: Iterable[Tensor]) -> Loss:
    first, *rest = terms
    return sum(rest, start=first)
