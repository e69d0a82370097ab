"""P2B: parameters and sizes of the paper's figures, and what the network may see."""

import torch
from torch import nn

from reenactor_plugins.body_generator.p2b.network import (
    ARCHITECTURES,
    CHANNELS_IN,
    P2B,
    dense_input,
    padded,
)


def conv(before: int, after: int, kernel: int) -> int:
    return before * after * kernel**2 + after


def test_28_channels_come_in() -> None:
    assert CHANNELS_IN == 22 + 3 + 3


def test_the_parameters_of_the_paper() -> None:
    """pix2pixHD's layers, with the 2 C parameters of each batch norm before the decoder."""
    with torch.device("meta"):
        network = P2B(ARCHITECTURES["paper"])
    encoder = conv(28, 64, 7) + 2 * 64
    for fine, coarse in ((64, 128), (128, 256), (256, 512), (512, 1024)):
        encoder += conv(fine, coarse, 3) + 2 * coarse
    residual = 9 * 2 * (conv(1024, 1024, 3) + 2 * 1024)
    decoder = sum(conv(2 * fine, fine, 3) for fine in (512, 256, 128, 64)) + conv(64, 22, 7)
    assert sum(p.numel() for p in network.parameters()) == encoder + residual + decoder


def test_the_paper_sizes() -> None:
    with torch.device("meta"):
        network = P2B(ARCHITECTURES["paper"])
        out = network(
            torch.empty(1, 22, 512, 320), torch.empty(1, 3, 512, 320), torch.empty(1, 3, 512, 320)
        )
        latent = network.generator.down(network.generator.stem(torch.empty(1, 28, 512, 320)))
    assert out.shape == (1, 22, 512, 320)
    assert latent.shape == (1, 1024, 32, 20)
    assert len(network.generator.residual) == 9


def test_batch_norm_and_relu_in_the_encoder_instance_norm_in_the_decoder() -> None:
    generator = P2B(ARCHITECTURES["tiny"]).generator
    for stage in (generator.stem, *generator.down):
        assert isinstance(stage.norm, nn.BatchNorm2d)
        assert isinstance(stage.relu, nn.ReLU)
    for stage in generator.up:
        assert isinstance(stage.conv, nn.ConvTranspose2d)
        assert isinstance(stage.norm, nn.InstanceNorm2d)
    instance = P2B(ARCHITECTURES["tiny"], residual_norm="instance").generator
    assert isinstance(generator.residual[0].norm_0, nn.BatchNorm2d)
    assert isinstance(instance.residual[0].norm_0, nn.InstanceNorm2d)


def test_any_size_is_padded_to_what_the_encoder_can_halve() -> None:
    x = torch.rand(1, 2, 9, 1)
    grown = padded(x, 4)
    assert grown.shape == (1, 2, 12, 8)
    torch.testing.assert_close(grown[..., :9, :1], x)
    torch.testing.assert_close(grown[..., 10, 5], x[..., 8, 0])
    assert padded(torch.rand(1, 2, 16, 8), 4).shape == (1, 2, 16, 8)


def test_any_size_comes_out_as_it_went_in() -> None:
    network = P2B(ARCHITECTURES["tiny"]).eval()
    for height, width in ((1, 1), (17, 40), (64, 40)):
        size = (2, 3, height, width)
        out = network(torch.rand(2, 22, height, width), torch.rand(size), torch.rand(size))
        assert out.shape == (2, 22, height, width)


def test_the_ablations_of_the_dense_pose() -> None:
    dense = torch.rand(1, 3, 20, 17)
    assert dense_input(dense, "full") is dense
    assert not dense_input(dense, "none").any()
    coarse = dense_input(dense, "coarse")
    assert coarse.shape == dense.shape
    for y, x in ((0, 0), (7, 7), (8, 15), (19, 16)):
        torch.testing.assert_close(coarse[..., y, x], dense[..., y // 8 * 8, x // 8 * 8])


def test_gradients_reach_the_first_and_the_last_layer() -> None:
    network = P2B(ARCHITECTURES["tiny"])
    out = network(torch.rand(2, 22, 16, 16), torch.rand(2, 3, 16, 16), torch.rand(2, 3, 16, 16))
    out.square().mean().backward()
    parameters = dict(network.generator.named_parameters())
    for name in ("stem.conv.weight", "head.conv.weight"):
        gradient = parameters[name].grad
        assert gradient is not None
        assert gradient.abs().sum() > 0
