"""Eqs. 13 to 17 as sums, and what is masked."""

import torch

from reenactor.values import Parsing
from reenactor_plugins.losses.b2f import (
    B2FLoss,
    b2f_discriminator_loss,
    hinge_over_k,
    mask_loss,
    masked,
    matching_over_k,
    vgg_matching,
)
from reenactor_plugins.losses.matching import SPADE_WEIGHTS


def judged(activation: float, score: float) -> list[torch.Tensor]:
    return [torch.full((1, 2, 2, 2), activation), torch.full((1, 1, 2, 2), score)]


def test_over_both_discriminators_it_is_the_mean() -> None:
    real = [judged(0.0, 2.0), judged(0.0, 0.0)]
    fake = [judged(0.5, 1.0), judged(0.25, -3.0)]
    assert hinge_over_k(fake).item() == (-1 + 3) / 2
    assert b2f_discriminator_loss(real, fake).item() == ((0 + 2) + (1 + 0)) / 2
    assert matching_over_k(real, fake).item() == 0.75 / 2


def test_losses_see_the_person_only() -> None:
    parsing = Parsing(torch.tensor([[[0, 5], [20, 0]]], dtype=torch.uint8))
    z, x = torch.rand(2, 1, 3, 2, 2)
    torch.testing.assert_close(masked(z, parsing.mask)[0, :, 0, 0], torch.zeros(3))
    torch.testing.assert_close(masked(z, parsing.mask)[0, :, 0, 1], z[0, :, 0, 1])
    elsewhere = x.clone()
    elsewhere[..., 0, 0] = 7
    torch.testing.assert_close(masked(x, parsing.mask), masked(elsewhere, parsing.mask))


def test_eq_17_and_its_gradient() -> None:
    person = torch.tensor([[[[1.0, 0.0, 1.0, 0.0]]]])
    mask = torch.tensor([[[[0.75, 0.25, 1.0, 1.0]]]], requires_grad=True)
    loss = mask_loss(mask, person)
    assert loss.item() == (0.25 + 0.25 + 0 + 1) / 4
    torch.autograd.backward(loss)
    assert mask.grad is not None
    assert mask.grad.flatten().tolist() == [-0.25, 0.25, 0.0, 0.25]


def test_eq_16_has_no_weights_unless_asked_for() -> None:
    taps = [torch.zeros(1, 1, 1, 1)] * 5, [torch.ones(1, 1, 1, 1)] * 5
    assert vgg_matching(*taps).item() == 5
    assert vgg_matching(*taps, SPADE_WEIGHTS).item() == sum(SPADE_WEIGHTS)


def test_the_weights_of_the_sum() -> None:
    rows = torch.eye(5)
    assert [B2FLoss(*row).total().item() for row in rows] == [1, 10, 10, 5, 1]
