"""Eqs. 10, 13, 14: closed forms, signs, gradients."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from reenactor_plugins.losses.adversarial import (
    hinge_discriminator,
    hinge_generator,
    least_squares_discriminator,
    least_squares_generator,
)


def scores(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.double).view(1, 1, 1, -1)


def test_least_squares_by_hand() -> None:
    assert least_squares_generator(scores(1, 3)).item() == (0 + 4) / 2
    assert least_squares_discriminator(scores(1, 2), scores(0, 3)).item() == (0.5 + 4.5) / 2


def test_hinge_by_hand() -> None:
    assert hinge_generator(scores(-1, 3)).item() == -1
    # Real scores above 1 and fake ones below -1 cost nothing.
    assert hinge_discriminator(scores(5, 0.5), scores(-2, 0)).item() == 0.25 + 0.5
    assert hinge_discriminator(scores(1, 7), scores(-1, -9)).item() == 0


def test_the_hinge_is_the_equation_with_its_minima() -> None:
    torch.manual_seed(0)
    real, fake = torch.randn(2, 3, 1, 4, 5)
    one = torch.tensor(1.0)
    expected = (
        -torch.minimum(real - one, 0 * one).mean() - torch.minimum(-fake - one, 0 * one).mean()
    )
    torch.testing.assert_close(hinge_discriminator(real, fake), expected)


def test_a_generator_is_rewarded_for_higher_scores_only() -> None:
    """Minus an L1 norm, as the paper prints it, would reward far negative ones too."""
    low = scores(-10, -10)
    assert hinge_generator(low).item() > hinge_generator(scores(0, 0)).item()


def test_the_best_discriminator_and_generator_want_opposite_things() -> None:
    fake = scores(0.2, -0.3).requires_grad_()
    up = torch.autograd.grad(hinge_generator(fake), fake)[0]
    down = torch.autograd.grad(hinge_discriminator(scores(9, 9), fake), fake)[0]
    torch.testing.assert_close(up, -down)
    torch.testing.assert_close(up, torch.full_like(up, -0.5))


@pytest.mark.parametrize("loss", [least_squares_generator, hinge_generator])
def test_gradients_of_the_generators(loss: Callable[..., Tensor]) -> None:
    assert torch.autograd.gradcheck(loss, scores(0.3, -2.0, 4.0).requires_grad_())


@pytest.mark.parametrize("loss", [least_squares_discriminator, hinge_discriminator])
def test_gradients_of_the_discriminators(loss: Callable[..., Tensor]) -> None:
    both = (scores(0.3, -2.0, 4.0).requires_grad_(), scores(0.7, -3.0, 0.0).requires_grad_())
    assert torch.autograd.gradcheck(loss, both)
