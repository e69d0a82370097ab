"""Eqs. 9 and 12."""

import math

import pytest
import torch

from reenactor_plugins.body_generator.p2b.loss import (
    Entropy,
    cross_entropy,
    p2b_discriminator_loss,
    p2b_loss,
    probabilities,
)
from reenactor_plugins.body_generator.p2b.settings import P2BSettings

LABELS = torch.tensor([[[3, 21], [0, 7]]], dtype=torch.uint8)


def test_of_22_classes_nothing_is_known() -> None:
    logits = torch.zeros(1, 22, 2, 2)
    assert math.isclose(cross_entropy(logits, LABELS).item(), math.log(22), rel_tol=1e-6)
    assert math.isclose(cross_entropy(logits, LABELS, "bce").item(), math.log(2), rel_tol=1e-6)


def test_the_cross_entropy_of_a_softmax_and_its_gradient() -> None:
    torch.manual_seed(0)
    logits = torch.randn(1, 22, 2, 2, dtype=torch.double, requires_grad=True)
    loss = cross_entropy(logits, LABELS)
    share = logits.detach().exp() / logits.detach().exp().sum(1, keepdim=True)
    truth = torch.zeros_like(share).scatter_(1, LABELS[:, None].long(), 1.0)
    torch.testing.assert_close(loss.detach(), -(truth * share.log()).sum(1).mean())
    (gradient,) = torch.autograd.grad(loss, logits)
    torch.testing.assert_close(gradient, (share - truth) / 4)


def test_the_literal_reading_is_a_binary_cross_entropy_of_the_sigmoid() -> None:
    torch.manual_seed(0)
    logits = torch.randn(1, 22, 2, 2, dtype=torch.double, requires_grad=True)
    loss = cross_entropy(logits, LABELS, "bce")
    p = probabilities(logits.detach())
    truth = torch.zeros_like(p).scatter_(1, LABELS[:, None].long(), 1.0)
    torch.testing.assert_close(
        loss.detach(), -(truth * p.log() + (1 - truth) * (1 - p).log()).mean()
    )
    (gradient,) = torch.autograd.grad(loss, logits)
    torch.testing.assert_close(gradient, (p - truth) / p.numel())


@pytest.mark.parametrize("entropy", ["ce", "bce"])
def test_balance_lets_a_rare_class_weigh_as_much_as_a_common_one(entropy: Entropy) -> None:
    """Three pixels of class 5 and one of class 2: by n^-1 the one weighs as much as the three."""
    logits = torch.randn(1, 22, 2, 2, dtype=torch.double)
    labels = torch.tensor([[[5, 5], [5, 2]]], dtype=torch.uint8)
    alone = [
        cross_entropy(logits[..., y : y + 1, x : x + 1], labels[:, y : y + 1, x : x + 1], entropy)
        for y in (0, 1)
        for x in (0, 1)
    ]
    plain = cross_entropy(logits, labels, entropy)
    whole = cross_entropy(logits, labels, entropy, 1.0)
    half = cross_entropy(logits, labels, entropy, 0.5)
    common, rare = torch.stack(alone[:3]).mean(), alone[3]
    torch.testing.assert_close(plain, (3 * common + rare) / 4)
    torch.testing.assert_close(whole, (common + rare) / 2)
    torch.testing.assert_close(half, (3**0.5 * common + rare) / (3**0.5 + 1))


def test_the_sigmoid_changes_no_decision() -> None:
    logits = torch.randn(2, 22, 5, 5)
    assert torch.equal(logits.argmax(1), probabilities(logits).argmax(1))


def test_eq_9_is_a_sum_over_both_discriminators() -> None:
    def judged(activation: float, score: float) -> list[torch.Tensor]:
        return [torch.full((1, 2, 2, 2), activation), torch.full((1, 1, 2, 2), score)]

    real = [judged(0.0, 1.0), judged(0.0, 1.0)]
    fake = [judged(0.5, 0.0), judged(0.25, 3.0)]
    loss = p2b_loss(real, fake, torch.zeros(1, 22, 2, 2), LABELS)
    assert loss.least_squares.item() == 1 + 4
    assert loss.matching.item() == 0.75
    torch.testing.assert_close(loss.total(P2BSettings()).item(), 5 + 40 * 0.75 + math.log(22))
    others = P2BSettings(lambda_ls=0.5, lambda_d=7, lambda_ce=2)
    torch.testing.assert_close(loss.total(others).item(), 2.5 + 7 * 0.75 + 2 * math.log(22))
    assert p2b_discriminator_loss(real, fake).item() == 0 / 2 + 9 / 2


def test_without_discriminators_the_entropy_alone_is_left() -> None:
    loss = p2b_loss([], [], torch.zeros(1, 22, 2, 2), LABELS)
    torch.testing.assert_close(loss.total(P2BSettings()).item(), math.log(22))


@pytest.mark.parametrize("entropy", ["ce", "bce"])
def test_gradients(entropy: str) -> None:
    logits = torch.randn(1, 22, 1, 2, dtype=torch.double, requires_grad=True)
    labels = LABELS[:, :1]
    assert torch.autograd.gradcheck(lambda x: cross_entropy(x, labels, entropy), logits)  # type: ignore[arg-type]  # gradcheck's stub wants a Callable of its own
