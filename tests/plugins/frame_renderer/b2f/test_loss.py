"""Eqs. 13 to 15 over both discriminators, Eq. 17, and their sum."""

import torch

from reenactor_plugins.frame_renderer.b2f.loss import (
    B2FLoss,
    b2f_discriminator_loss,
    hinge_over_k,
    mask_loss,
    matching_over_k,
)
from reenactor_plugins.frame_renderer.b2f.settings import B2FSettings


def judged(activation: float, score: float) -> list[torch.Tensor]:
    return [torch.full((1, 2, 2, 2), activation), torch.full((1, 1, 2, 2), score)]


def test_over_both_discriminators_it_is_the_mean() -> None:
    real = [judged(0.0, 2.0), judged(0.0, 0.0)]
    fake = [judged(0.5, 1.0), judged(0.25, -3.0)]
    assert hinge_over_k(fake).item() == (-1 + 3) / 2
    assert b2f_discriminator_loss(real, fake).item() == ((0 + 2) + (1 + 0)) / 2
    assert matching_over_k(real, fake).item() == 0.75 / 2


def test_eq_17_and_its_gradient() -> None:
    person = torch.tensor([[[[1.0, 0.0, 1.0, 0.0]]]])
    mask = torch.tensor([[[[0.75, 0.25, 1.0, 1.0]]]], requires_grad=True)
    loss = mask_loss(mask, person)
    assert loss.item() == (0.25 + 0.25 + 0 + 1) / 4
    torch.autograd.backward(loss)
    assert mask.grad is not None
    assert mask.grad.flatten().tolist() == [-0.25, 0.25, 0.0, 0.25]


def test_the_weights_of_the_sum() -> None:
    """Eq. 17's is the paper's; SPADE's for Eqs. 15 and 16; the last term is not the paper's."""
    rows = torch.eye(6)
    assert [B2FLoss(*row).total(B2FSettings()).item() for row in rows] == [1, 10, 10, 5, 1, 0]
    names = ("hinge", "fm", "vgg", "m", "face", "l1")
    others = B2FSettings(**{f"lambda_{name}": i + 2.0 for i, name in enumerate(names)})
    assert [B2FLoss(*row).total(others).item() for row in rows] == [2, 3, 4, 5, 6, 7]
