"""Eqs. 11, 15, 16, 18: sums over layers of means over elements; and what is masked."""

import torch

from reenactor.values import Parsing
from reenactor_plugins.losses.matching import (
    face_perceptual,
    feature_matching,
    masked,
    perceptual,
)

SIZES = (112, 56, 28, 14, 7, 1)


def test_layers_count_alike_whatever_their_size() -> None:
    real = [torch.zeros(2, 8, 4, 4), torch.zeros(2, 1, 1, 1), torch.zeros(2, 1, 1, 1)]
    fake = [torch.full((2, 8, 4, 4), 0.5), torch.full((2, 1, 1, 1), -0.25), torch.ones(2, 1, 1, 1)]
    # 1/N sum |.| of the two activations; the third map is the scores.
    assert feature_matching(real, fake).item() == 0.75
    assert perceptual(real, fake).item() == 1.75


def test_the_mean_is_the_expectation_over_the_batch() -> None:
    real = [torch.zeros(2, 1, 1, 2), torch.zeros(2, 1, 1, 1)]
    fake = [torch.tensor([[[[1.0, 3.0]]], [[[0.0, 0.0]]]]), torch.zeros(2, 1, 1, 1)]
    each = [
        feature_matching([r[i : i + 1] for r in real], [f[i : i + 1] for f in fake]) for i in (0, 1)
    ]
    torch.testing.assert_close(feature_matching(real, fake), torch.stack(each).mean())


def test_no_gradient_goes_into_the_real_side() -> None:
    real = [torch.zeros(1, 1, 1, 2, requires_grad=True) for _ in range(2)]
    fake = [torch.tensor([[[[2.0, -2.0]]]], requires_grad=True) for _ in range(2)]
    torch.autograd.backward(feature_matching(real, fake))
    assert real[0].grad is None
    assert fake[0].grad is not None
    assert fake[0].grad.flatten().tolist() == [0.5, -0.5]


def test_layers_may_be_weighted() -> None:
    real = [torch.zeros(1, 1, 1, 1)] * 5
    fake = [torch.ones(1, 1, 1, 1)] * 5
    spade = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)
    assert perceptual(real, fake).item() == 5  # Eq. 16 has no weights
    assert perceptual(real, fake, spade).item() == 1 + 1 / 4 + 1 / 8 + 1 / 16 + 1 / 32
    deepest = [*fake[:4], torch.zeros(1, 1, 1, 1)]
    assert perceptual(real, deepest, spade).item() == 1 / 4 + 1 / 8 + 1 / 16 + 1 / 32


def test_eq_18_leaves_14_out() -> None:
    real = {size: torch.zeros(1, 1, 2, 2) for size in SIZES}
    fake = {size: torch.full((1, 1, 2, 2), float(size)) for size in SIZES}
    assert face_perceptual(real, fake).item() == 112 + 56 + 28 + 7 + 1
    assert face_perceptual(real, fake, layers=(14,)).item() == 14


def test_gradients_go_to_the_generated_face() -> None:
    real = {size: torch.zeros(1, 1, 2, 2, requires_grad=True) for size in SIZES}
    fake = {size: torch.ones(1, 1, 2, 2, requires_grad=True) for size in SIZES}
    torch.autograd.backward(face_perceptual(real, fake))
    assert real[7].grad is None
    assert fake[7].grad is not None
    assert fake[7].grad.flatten().tolist() == [0.25] * 4
    assert fake[14].grad is None


def test_losses_see_the_person_only() -> None:
    parsing = Parsing(torch.tensor([[[0, 5], [20, 0]]], dtype=torch.uint8))
    z, x = torch.rand(2, 1, 3, 2, 2)
    torch.testing.assert_close(masked(z, parsing.mask)[0, :, 0, 0], torch.zeros(3))
    torch.testing.assert_close(masked(z, parsing.mask)[0, :, 0, 1], z[0, :, 0, 1])
    elsewhere = x.clone()
    elsewhere[..., 0, 0] = 7
    torch.testing.assert_close(masked(x, parsing.mask), masked(elsewhere, parsing.mask))


def test_gradients() -> None:
    torch.manual_seed(0)
    real = [torch.rand(1, 2, 2, 2, dtype=torch.double) for _ in range(2)]
    fake = torch.rand(1, 2, 2, 2, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda f: perceptual(real, [f, f * f]), fake)
