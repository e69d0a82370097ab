"""Five discriminators: how many, how large, what they give."""

from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from torch import nn

from reenactor_plugins.networks.discriminators import (
    MultiscaleDiscriminator,
    PatchDiscriminator,
    b2f_discriminators,
    fr_discriminator,
    p2b_discriminators,
)


def stack(channels: int) -> int:
    """Parameters of one discriminator: 4x4 convolutions, biases where no norm follows."""
    widths = [64, 128, 256, 512]
    inner = sum(16 * a * b for a, b in pairwise(widths))
    return 16 * channels * 64 + 64 + inner + 16 * 512 + 1


@pytest.mark.parametrize(
    ("make", "channels", "count"),
    [(p2b_discriminators, 50, 2), (b2f_discriminators, 30, 2), (fr_discriminator, 3, 1)],
)
def test_five_of_them_with_the_parameters_of_their_layers(
    make: Callable[[int], MultiscaleDiscriminator], channels: int, count: int
) -> None:
    with torch.device("meta"):
        network = make(channels)
    assert len(network.scales) == count
    assert sum(p.numel() for p in network.parameters()) == count * stack(channels)


def test_sizes_layer_by_layer() -> None:
    """Side n gives n/2 + 1 at stride 2 and n + 1 at stride 1, with a 4x4 kernel and padding 2."""
    with torch.device("meta"):
        maps = PatchDiscriminator(30, norm="instance")(torch.empty(1, 30, 512, 320))
    assert [tuple(m.shape[1:]) for m in maps] == [
        (64, 257, 161), (128, 129, 81), (256, 65, 41), (512, 66, 42), (1, 67, 43),
    ]  # fmt: skip


def test_the_second_sees_the_picture_at_half_its_size() -> None:
    network = MultiscaleDiscriminator(3, width=4, norm="instance")
    seen: list[torch.Tensor] = []
    for one in network.scales:
        one.register_forward_pre_hook(lambda _m, given: seen.append(given[0]))
    x = torch.rand(1, 3, 32, 48)
    assert len(network(x)) == 2
    torch.testing.assert_close(seen[0], x)
    assert seen[1].shape == (1, 3, 16, 24)
    # Averages of 3x3 around every second pixel; the corner has only four to average.
    torch.testing.assert_close(seen[1][..., 1, 1], x[..., 1:4, 1:4].mean((-1, -2)))
    torch.testing.assert_close(seen[1][..., 0, 0], x[..., :2, :2].mean((-1, -2)))


def test_first_and_last_layer_have_no_norm_the_others_instance_norm() -> None:
    network = PatchDiscriminator(3, width=4, norm="instance")
    normed = [
        any(isinstance(m, nn.InstanceNorm2d) for m in layer.children())
        for layer in network.layers.children()
    ]
    assert normed == [False, True, True, True]


def test_spectral_norm_is_only_where_asked_for() -> None:
    spectral = b2f_discriminators(3, width=4).state_dict()
    plain = p2b_discriminators(3, width=4).state_dict()
    assert sum(key.endswith("weight.original") for key in spectral) == 2 * 3
    assert not [key for key in plain if "parametrizations" in key]


def test_gradients_reach_what_is_judged() -> None:
    x = torch.rand(2, 3, 32, 32, requires_grad=True)
    scores = [maps[-1].mean() for maps in b2f_discriminators(3, width=4)(x)]
    torch.autograd.backward(scores)
    assert x.grad is not None
    assert x.grad.abs().sum() > 0
