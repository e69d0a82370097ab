"""SPADE: the equation on a small case, sizes and parameters of the public configuration."""

import copy
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor_plugins.frame_renderer.b2f.spade import (
    SpadeBlock,
    SpadeDecoder,
    SpadeNorm,
    Upsampling,
)


def conv(before: int, after: int, kernel: int, bias: bool = True) -> int:
    return before * after * kernel**2 + after * bias


def block(before: int, after: int, labels: int, hidden: int) -> int:
    """Parameters of a residual block: two or three SPADEs and as many convolutions."""

    def spade(channels: int) -> int:
        return conv(labels, hidden, 3) + 2 * conv(hidden, channels, 3)

    middle = min(before, after)
    count = spade(before) + spade(middle) + conv(before, middle, 3) + conv(middle, after, 3)
    return count + (spade(before) + conv(before, after, 1, bias=False)) * (before != after)


def test_the_decoder_of_the_paper_by_its_layers() -> None:
    with torch.device("meta"):
        decoder = SpadeDecoder(1024, (512, 256, 128, 64, 32), 27)
    channels = [1024, 1024, 1024, 1024, 512, 256, 128, 64, 32]
    expected = sum(block(a, b, 27, 128) for a, b in pairwise(channels))
    assert sum(p.numel() for p in decoder.parameters()) == expected


@pytest.mark.parametrize(
    ("widths", "latent", "drawn"),
    [((512, 256, 128, 64, 32), (4, 4), (512, 512)), ((512, 256, 128, 64), (8, 5), (512, 320))],
)
def test_the_resolution_doubles_between_any_two_blocks(
    widths: tuple[int, ...], latent: tuple[int, int], drawn: tuple[int, int]
) -> None:
    with torch.device("meta"):
        decoder = SpadeDecoder(1024, widths, 27)
        sizes: list[torch.Size] = []
        for one in decoder.blocks:
            one.register_forward_hook(lambda _m, _i, out: sizes.append(out.shape))
        out = decoder(torch.empty(1, 1024, *latent), torch.empty(1, 27, *drawn))
    assert out.shape == (1, widths[-1], *drawn)
    upsamplings = len(widths) + 2
    assert decoder.scale == 2**upsamplings == drawn[0] // latent[0]
    assert [tuple(size[2:]) for size in sizes] == [
        (latent[0] * 2**n, latent[1] * 2**n) for n in range(upsamplings + 1)
    ]
    assert [size[1] for size in sizes] == [1024, 1024, 1024, *widths]


@pytest.mark.parametrize(
    ("upsampling", "ramp"),
    [("nearest", [0, 0, 4, 4, 8, 8]), ("bilinear", [0, 1, 3, 5, 7, 8])],
)
def test_what_lies_between_two_blocks(upsampling: Upsampling, ramp: list[float]) -> None:
    """A slope becomes stairs, or stays a slope: each new pixel lies a quarter from an old one."""
    decoder = SpadeDecoder(2, (2,), 3, hidden=2, upsampling=upsampling)
    seen: list[Tensor] = []
    decoder.blocks[0].register_forward_hook(lambda *_: torch.tensor([0.0, 4, 8]).expand(1, 2, 3, 3))
    decoder.blocks[1].register_forward_pre_hook(lambda _m, given: seen.append(given[0]))
    decoder.eval()(torch.zeros(1, 2, 3, 3), torch.zeros(1, 3, 24, 24))
    torch.testing.assert_close(seen[0], torch.tensor(ramp).float().expand(1, 2, 6, 6))


def test_spade_is_its_equation() -> None:
    """Labels constant over the picture, kernels that read only their centre: by hand."""
    norm = SpadeNorm(1, 2, 1, "instance")
    with torch.no_grad():
        for parameter in norm.parameters():
            parameter.zero_()
        norm.shared.weight[0, :, 1, 1] = torch.tensor([2.0, -3.0])
        norm.gamma.weight[0, 0, 1, 1] = 0.5
        norm.beta.weight[0, 0, 1, 1] = 0.25
        dict(norm.named_parameters())["beta.bias"][0] = 1.0
    x = torch.tensor([[[[1.0, 3.0], [5.0, 7.0]]]])
    normal = (x - 4) / (5 + 1e-5) ** 0.5  # mean 4, variance 5
    first = F.one_hot(torch.zeros(1, 2, 2).long(), 2).permute(0, 3, 1, 2).float()
    # The first label reads relu(2) = 2: gamma 1, beta 1.5; the second relu(-3) = 0: 0 and 1.
    torch.testing.assert_close(norm(x, first), normal * 2 + 1.5)
    torch.testing.assert_close(norm(x, first.flip(1)), normal + 1)


def test_labels_are_read_at_the_nearest_pixel() -> None:
    """A block on 2x2 features sees of 4x4 labels every second one."""
    one = SpadeBlock(3, 4, 2, hidden=5, norm="instance", spectral=False)
    labels = torch.rand(1, 2, 4, 4)
    changed = labels.clone()
    changed[..., 1::2, :] = 9
    changed[..., 1::2] = 9
    x = torch.rand(1, 3, 2, 2)
    torch.testing.assert_close(one(x, labels), one(x, changed))
    torch.testing.assert_close(one(x, labels), one(x, labels[..., ::2, ::2]))


def test_the_shortcut_is_learned_only_where_channels_change() -> None:
    assert SpadeBlock(4, 2, 3, hidden=2, norm="batch", spectral=True).learned_shortcut
    assert not SpadeBlock(4, 4, 3, hidden=2, norm="batch", spectral=True).learned_shortcut


def test_spectral_norms_bound_the_convolutions() -> None:
    torch.manual_seed(0)
    one = SpadeBlock(4, 2, 3, hidden=2, norm="batch", spectral=True)
    one.train()
    for _ in range(30):  # one power iteration each
        one(torch.rand(2, 4, 4, 4), torch.rand(2, 3, 4, 4))
    for convolution in (one.conv_0, one.conv_1, one.conv_s):
        assert isinstance(convolution, nn.Conv2d)
        largest = torch.linalg.matrix_norm(convolution.weight.flatten(1), ord=2)
        torch.testing.assert_close(largest, torch.tensor(1.0), rtol=1e-3, atol=1e-3)


def test_a_block_is_what_its_formula_says_and_keeps_both_norms_statistics() -> None:
    """SPADE written out, with each norm by itself: x is normalised once, the result is the same."""
    torch.manual_seed(0)
    block = SpadeBlock(6, 4, 3, hidden=5, norm="batch", spectral=False)
    plain = copy.deepcopy(block)
    x, labels = torch.randn(2, 6, 8, 6), torch.rand(2, 3, 16, 12)

    def spade(norm: SpadeNorm, features: Tensor, here: Tensor) -> Tensor:
        read = norm.shared(here).relu()
        out: Tensor = norm.norm(features) * (1 + norm.gamma(read)) + norm.beta(read)
        return out

    here = F.interpolate(labels, size=(8, 6), mode="nearest")
    expected = plain.conv_s(spade(plain.norm_s, x, here))
    inner = plain.conv_0(F.leaky_relu(spade(plain.norm_0, x, here), 0.2))
    expected = expected + plain.conv_1(F.leaky_relu(spade(plain.norm_1, inner, here), 0.2))
    torch.testing.assert_close(block(x, labels), expected)
    for key, value in plain.state_dict().items():
        torch.testing.assert_close(block.state_dict()[key], value)
