"""The global generator: sizes layer by layer, parameters counted, norms where they belong."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from reenactor_plugins.body_generator.p2b.pix2pixhd import GlobalGenerator


def conv(before: int, after: int, kernel: int) -> int:
    """Parameters of a convolution, transposed or not, with a bias."""
    return before * after * kernel**2 + after


def generator(**changes: object) -> GlobalGenerator:
    arguments = {"width": 4, "downsamplings": 2, "blocks": 1, **changes}
    return GlobalGenerator(5, 3, **arguments)  # type: ignore[arg-type]  # arguments of several types


def test_parameters_of_pix2pixhd_itself_are_those_of_its_layers() -> None:
    with torch.device("meta"):
        network = GlobalGenerator(36, 3)
    widths = [64, 128, 256, 512, 1024]
    steps = list(pairwise(widths))
    expected = (
        conv(36, 64, 7)
        + sum(conv(fine, coarse, 3) for fine, coarse in steps)
        + 9 * 2 * conv(1024, 1024, 3)
        + sum(conv(coarse, fine, 3) for fine, coarse in steps)
        + conv(64, 3, 7)
    )
    assert sum(p.numel() for p in network.parameters()) == expected


def test_sizes_layer_by_layer() -> None:
    with torch.device("meta"):
        network = GlobalGenerator(28, 22)
        x = network.stem(torch.empty(1, 28, 512, 320))
        assert x.shape == (1, 64, 512, 320)
        for stage, shape in zip(
            network.down, [(128, 256, 160), (256, 128, 80), (512, 64, 40), (1024, 32, 20)],
            strict=True,
        ):  # fmt: skip
            x = stage(x)
            assert x.shape == (1, *shape)
        x = network.residual(x)
        assert x.shape == (1, 1024, 32, 20)
        for stage, shape in zip(
            network.up, [(512, 64, 40), (256, 128, 80), (128, 256, 160), (64, 512, 320)],
            strict=True,
        ):  # fmt: skip
            x = stage(x)
            assert x.shape == (1, *shape)
        assert network.head(x).shape == (1, 22, 512, 320)


@pytest.mark.parametrize("part", ["encoder", "residual", "decoder"])
def test_each_part_has_its_own_norm(part: str) -> None:
    network = generator(**{part: "batch"})
    batch = {
        name.split(".")[0] for name, m in network.named_modules() if isinstance(m, nn.BatchNorm2d)
    }
    expected = {"encoder": {"stem", "down"}, "residual": {"residual"}, "decoder": {"up"}}
    assert batch == expected[part]


def test_instance_norm_learns_nothing_and_keeps_no_statistics() -> None:
    keys = generator().state_dict().keys()
    assert not [key for key in keys if "norm" in key]


def test_a_trained_network_looks_at_each_picture_alone() -> None:
    network = generator(encoder="batch", residual="batch")
    x = torch.rand(4, 5, 16, 12)
    network(x)  # running statistics
    network.eval()
    together = network(x)
    apart = torch.cat([network(one[None]) for one in x])
    torch.testing.assert_close(together, apart, rtol=1e-4, atol=1e-5)


def test_gradients_reach_every_parameter_but_biases_that_a_norm_takes_away() -> None:
    network = generator(encoder="batch")
    network(torch.rand(2, 5, 16, 12)).square().mean().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None
        assert torch.isfinite(parameter.grad).all()
        if name.endswith("weight"):
            assert parameter.grad.abs().sum() > 0, name
