"""SCHP's network: the public layout, sizes, the norms' scales, colours."""

import pytest
import torch
from torch import Tensor, nn

from reenactor_plugins.networks.checkpoint import from_state_dict, random_network
from reenactor_plugins.parser.schp.network import (
    ARCHITECTURES,
    EPSILON,
    ActivatedBatchNorm,
    Schp,
    normalised,
    public,
)

Shapes = dict[str, tuple[int, ...]]


def public_layout(classes: int) -> Shapes:
    """Keys and shapes of the public checkpoints, read off their authors' code: in-place
    activated norms have no counter of batches."""
    shapes: Shapes = {}

    def conv(name: str, out: int, into: int, kernel: int, *, bias: bool = False) -> None:
        shapes[f"module.{name}.weight"] = (out, into, kernel, kernel)
        if bias:
            shapes[f"module.{name}.bias"] = (out,)

    def norm(name: str, channels: int) -> None:
        parts = ("weight", "bias", "running_mean", "running_var")
        shapes.update({f"module.{name}.{part}": (channels,) for part in parts})

    for number, (into, out) in enumerate([(3, 64), (64, 64), (64, 128)], start=1):
        conv(f"conv{number}", out, into, 3)
        norm(f"bn{number}", out)
    before = 128
    for stage, (blocks, planes) in enumerate([(3, 64), (4, 128), (23, 256), (3, 512)], start=1):
        for block in range(blocks):
            name = f"layer{stage}.{block}"
            conv(f"{name}.conv1", planes, before, 1)
            conv(f"{name}.conv2", planes, planes, 3)
            conv(f"{name}.conv3", planes * 4, planes, 1)
            for number, channels in ((1, planes), (2, planes), (3, planes * 4)):
                norm(f"{name}.bn{number}", channels)
            if block == 0:
                conv(f"{name}.downsample.0", planes * 4, before, 1)
                norm(f"{name}.downsample.1", planes * 4)
            before = planes * 4
    for stage in range(4):
        conv(f"context_encoding.stages.{stage}.1", 512, 2048, 1)
        norm(f"context_encoding.stages.{stage}.2", 512)
    conv("context_encoding.bottleneck.0", 512, 2048 + 4 * 512, 3)
    norm("context_encoding.bottleneck.1", 512)
    for number, into in ((1, 256), (2, 512), (3, 1024)):
        conv(f"edge.conv{number}.0", 256, into, 1)
        norm(f"edge.conv{number}.1", 256)
    conv("edge.conv4", 2, 256, 3, bias=True)
    conv("edge.conv5", 2, 6, 1, bias=True)
    for name, out, into in (("conv1", 256, 512), ("conv2", 48, 256), ("conv3", 256, 304)):
        conv(f"decoder.{name}.0", out, into, 1)
        norm(f"decoder.{name}.1", out)
    conv("decoder.conv3.2", 256, 256, 1)
    norm("decoder.conv3.3", 256)
    conv("decoder.conv4", classes, 256, 1, bias=True)
    conv("fushion.0", 256, 1024, 1)
    norm("fushion.1", 256)
    conv("fushion.3", classes, 256, 1, bias=True)
    return shapes


@pytest.mark.parametrize("classes", [20, 18, 7])
def test_a_public_checkpoint_fits_whole(classes: int) -> None:
    shapes = public_layout(classes)
    with torch.device("meta"):
        checkpoint = {key: torch.empty(shape) for key, shape in shapes.items()}
        network = Schp(ARCHITECTURES["paper"], classes)
    own = {k: tuple(v.shape) for k, v in network.state_dict().items() if "num_batches" not in k}
    assert own == {key: tuple(value.shape) for key, value in public(checkpoint).items()}


def test_its_parameters_by_hand() -> None:
    def norm(channels: int) -> int:
        return 2 * channels

    def block(into: int, planes: int, *, first: bool) -> int:
        inner = into * planes + 9 * planes**2 + 4 * planes**2 + norm(planes) * 2 + norm(planes * 4)
        return inner + first * (into * planes * 4 + norm(planes * 4))

    stem = 9 * (3 * 64 + 64 * 64 + 64 * 128) + norm(64) + norm(64) + norm(128)
    resnet, before = 0, 128
    for blocks, planes in ((3, 64), (4, 128), (23, 256), (3, 512)):
        resnet += block(before, planes, first=True)
        resnet += (blocks - 1) * block(planes * 4, planes, first=False)
        before = planes * 4
    pyramid = 4 * (2048 * 512 + norm(512)) + 9 * 4096 * 512 + norm(512)
    edge = (256 + 512 + 1024) * 256 + 3 * norm(256) + 9 * 256 * 2 + 2 + 6 * 2 + 2
    decoder = 512 * 256 + norm(256) + 256 * 48 + norm(48) + 304 * 256 + 256 * 256 + 2 * norm(256)
    fusion = 1024 * 256 + norm(256)
    heads = 2 * (256 * 20 + 20)
    with torch.device("meta"):
        network = Schp(ARCHITECTURES["paper"], 20)
    found = sum(p.numel() for p in network.parameters())
    assert found == stem + resnet + pyramid + edge + decoder + fusion + heads == 66_723_928
    convs = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
    # 3 in the stem, 33 blocks of 3 and 4 shortcuts; 5 + 5 + 5 + 2 in what follows.
    assert len(convs) == 3 + 33 * 3 + 4 + 17


def test_three_halvings_and_a_dilated_stage() -> None:
    with torch.device("meta"):
        network = Schp(ARCHITECTURES["paper"], 20).eval()
        found = network.branches(torch.empty(1, 3, 473, 473))
    # 473 -> 237 by the stem, 119 by the pooling: where the branches work.
    assert found.parsing.shape == found.fused.shape == (1, 20, 119, 119)
    assert found.edges.shape == (1, 2, 119, 119)
    for stage, stride, dilation in ((1, 1, 1), (2, 2, 1), (3, 2, 1), (4, 1, 2)):
        for index, block in enumerate(getattr(network, f"layer{stage}")):
            first = index == 0
            assert block.conv2.stride == (stride if first else 1,) * 2
            assert block.conv2.dilation == block.conv2.padding == (dilation, dilation)
            assert block.conv1.stride == block.conv3.stride == (1, 1)
            assert isinstance(block.downsample, nn.Identity) != first


def abn(x: Tensor, norm: dict[str, Tensor], slope: float) -> Tensor:
    """An in-place activated norm at inference, as its authors' C++ computes it."""
    gamma = norm["weight"].abs() + 1e-5
    scale = torch.rsqrt(norm["running_var"] + 1e-5) * gamma
    y = (x - norm["running_mean"][:, None, None]) * scale[:, None, None]
    y = y + norm["bias"][:, None, None]
    return torch.where(y < 0, y * slope, y)


def test_scales_of_norms_act_as_their_size_and_a_little_more() -> None:
    torch.manual_seed(0)
    given = {
        "weight": torch.tensor([1.5, -0.5, 0.0]),
        "bias": torch.tensor([0.1, -0.2, 0.3]),
        "running_mean": torch.tensor([0.5, 0.0, -1.0]),
        "running_var": torch.tensor([4.0, 1.0, 0.25]),
    }
    checkpoint = {f"module.0.{key}": value for key, value in given.items()}
    taken = public(checkpoint)
    torch.testing.assert_close(taken["0.weight"], torch.tensor([1.50001, 0.50001, 0.00001]))
    assert torch.equal(checkpoint["module.0.weight"], given["weight"])
    x = torch.randn(2, 3, 4, 5)
    for make, slope in ((lambda: ActivatedBatchNorm(3), 0.01), (lambda: nn.BatchNorm2d(3), 1.0)):
        norm = from_state_dict(lambda m=make: nn.Sequential(m()), taken, "a norm").eval()  # type: ignore[misc]
        torch.testing.assert_close(norm(x), abn(x, given, slope))
    assert EPSILON == 1e-5


def test_keys_without_the_prefix_are_as_good_and_only_norms_change() -> None:
    conv = torch.full((2, 2, 1, 1), -1.0)
    bare = public({"conv4.weight": conv, "conv4.bias": torch.tensor([-1.0, -2.0])})
    assert torch.equal(bare["conv4.weight"], conv)
    assert bare["conv4.bias"].tolist() == [-1, -2]


def test_colours_are_blue_green_red_without_imagenets_mean() -> None:
    pixel = torch.tensor([0.9, 0.5, 0.1])[None, :, None, None]  # red, green, blue
    found = normalised(pixel)[0, :, 0, 0]
    # ((0.1, 0.5, 0.9) - (.406, .456, .485)) / (.225, .224, .229), by hand
    torch.testing.assert_close(found, torch.tensor([-1.36, 0.196429, 1.812227]))


def test_the_context_of_the_whole_picture_reaches_every_pixel() -> None:
    network = random_network(lambda: Schp(ARCHITECTURES["tiny"], 4), 1).eval().double()
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)).double()
    other = picture.clone()
    other[..., 60:, 60:] = 1 - other[..., 60:, 60:]
    with torch.inference_mode():
        differences = (network(picture) - network(other)).abs().amax(1)[0]
    assert differences.shape == (16, 16)
    assert float(differences.min()) > 0
