"""Adversarial losses: least squares (LSGAN) and hinge."""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

Loss = Float[Tensor, ""]
Scores = Float[Tensor, "B 1 h w"]
"""Scores of one discriminator for each patch, unbounded."""


def least_squares_generator(fake: Scores) -> Loss:
    """Eq. 10 for one k: E[(D_k(fake) - 1)^2]."""
    return ((fake - 1) ** 2).mean()


def least_squares_discriminator(real: Scores, fake: Scores) -> Loss:
    """The discriminator's side of Eq. 10 for one k (LSGAN; not written out in the paper).

    1/2 (E[(D_k(real) - 1)^2] + E[D_k(fake)^2]), the half as in pix2pixHD.
    """
    return (((real - 1) ** 2).mean() + (fake**2).mean()) / 2


def hinge_generator(fake: Scores) -> Loss:
    """Eq. 13 for one k: -E[D_k(fake)].

    The paper writes minus the L1 norm of the scores, which would reward large negative scores as
    much as large positive ones. SPADE's hinge loss, which it follows, uses the mean.
    """
    return -fake.mean()


def hinge_discriminator(real: Scores, fake: Scores) -> Loss:
    """Eq. 14 for one k: -E[min(D_k(real) - 1, 0)] - E[min(-D_k(fake) - 1, 0)].

    The paper swaps the generated z^b and the real x^b.
    """
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()
