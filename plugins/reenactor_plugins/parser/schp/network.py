"""SCHP's network (Li et al. 2019): CE2P on a ResNet-101 (Ruan et al. 2018, Fig. 2).

A ResNet with a stem of three 3x3 convolutions, whose last stage is dilated instead of halved
again; pyramid pooling at its end; a parsing branch that combines it with the first stage; an edge
branch on the first three stages; and a fusion of both. Module names are those of the public
checkpoints (`fushion` included).

The public networks were trained with in-place activated batch norms, whose scale is |weight| +
epsilon. `public` applies this once, and batch norms here are torch's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

MEAN_BGR = (0.406, 0.456, 0.485)
DEVIATION_BGR = (0.225, 0.224, 0.229)
EPSILON = 1e-5
"""Epsilon of every norm."""
SLOPE = 0.01
"""Slope of the leaky ReLU after every norm outside the ResNet."""
BINS = (1, 2, 3, 6)
"""Grid sizes of the pyramid pooling."""
EDGES = 2
"""No edge, edge."""
PREFIX = "module."
"""Key prefix in checkpoints trained on several GPUs."""


@dataclass(frozen=True)
class SchpArchitecture:
    """Channels of the first stage's inner convolutions, and blocks of each stage.

    Stage j outputs 4 * 2^j times as many channels.
    """

    base: int
    blocks: tuple[int, int, int, int]


ARCHITECTURES: Mapping[str, SchpArchitecture] = {
    "paper": SchpArchitecture(64, (3, 4, 23, 3)),
    "tiny": SchpArchitecture(8, (1, 1, 1, 1)),
}


@dataclass(frozen=True)
class SchpOutputs:
    """Class logits before and after the fusion, and edge logits, at a quarter of the input's
    resolution."""

    parsing: Float[Tensor, "B C h w"]
    fused: Float[Tensor, "B C h w"]
    edges: Float[Tensor, "B 2 h w"]


class Schp(nn.Module):
    """Maps pictures to logits of `classes` classes at a quarter of their resolution."""

    def __init__(self, architecture: SchpArchitecture, classes: int) -> None:
        super().__init__()
        base = architecture.base
        self.conv1 = nn.Conv2d(3, base, 3, stride=2, padding=1, bias=False)
        self.bn1 = _norm(base)
        self.conv2 = nn.Conv2d(base, base, 3, padding=1, bias=False)
        self.bn2 = _norm(base)
        self.conv3 = nn.Conv2d(base, 2 * base, 3, padding=1, bias=False)
        self.bn3 = _norm(2 * base)
        first, second, third, fourth = architecture.blocks
        self.layer1 = _stage(2 * base, base, blocks=first)
        self.layer2 = _stage(4 * base, 2 * base, blocks=second, stride=2)
        self.layer3 = _stage(8 * base, 4 * base, blocks=third, stride=2)
        self.layer4 = _stage(16 * base, 8 * base, blocks=fourth, dilation=2)
        self.context_encoding = PyramidPooling(32 * base, 8 * base)
        self.edge = EdgeBranch((4 * base, 8 * base, 16 * base), 4 * base)
        self.decoder = ParsingBranch(base, classes)
        self.fushion = nn.Sequential(
            *_activated(16 * base, 4 * base), nn.Dropout2d(0.1), nn.Conv2d(4 * base, classes, 1)
        )

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B C h w"]:
        """The fused logits of RGB pictures in [0, 1]."""
        return self.branches(pictures).fused

    def branches(self, pictures: Float[Tensor, "B 3 H W"]) -> SchpOutputs:
        """All outputs of the network."""
        x = F.relu(self.bn1(self.conv1(normalised(pictures))))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.relu(self.bn3(self.conv3(x)))
        first = self.layer1(F.max_pool2d(x, 3, stride=2, padding=1))
        second = self.layer2(first)
        third = self.layer3(second)
        context = self.context_encoding(self.layer4(third))
        parsing, shapes = self.decoder(context, first)
        edges, outlines = self.edge(first, second, third)
        return SchpOutputs(parsing, self.fushion(torch.cat([shapes, outlines], 1)), edges)


def normalised(pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
    """Convert RGB in [0, 1] to BGR, normalised with ImageNet's mean and standard deviation."""
    mean = pictures.new_tensor(MEAN_BGR)[:, None, None]
    deviation = pictures.new_tensor(DEVIATION_BGR)[:, None, None]
    return (pictures.flip(1) - mean) / deviation


def public(checkpoint: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Convert a public checkpoint: keys without `module.`, norm scales as |weight| + epsilon."""
    tensors = {key.removeprefix(PREFIX): value for key, value in checkpoint.items()}
    for key in [key for key in tensors if key.endswith(".running_mean")]:
        scale = key.removesuffix("running_mean") + "weight"
        if scale in tensors and tensors[scale].is_floating_point():
            tensors[scale] = tensors[scale].float().abs() + EPSILON
    return tensors


class ActivatedBatchNorm(nn.BatchNorm2d):
    """Batch norm and leaky ReLU in one module, so that keys match the public checkpoints."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=EPSILON)

    def forward(self, input: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:  # noqa: A002 - torch's name
        return F.leaky_relu(super().forward(input), SLOPE)


_norm = partial(nn.BatchNorm2d, eps=EPSILON)


def _activated(channels: int, out: int, kernel: int = 1) -> tuple[nn.Module, nn.Module]:
    conv = nn.Conv2d(channels, out, kernel, padding=kernel // 2, bias=False)
    return conv, ActivatedBatchNorm(out)


def _enlarged(x: Float[Tensor, "B C h w"], like: Tensor) -> Float[Tensor, "B C H W"]:
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=True)


class DilatedBottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions with a shortcut; the 3x3 has the stride and dilation."""

    def __init__(self, channels: int, planes: int, stride: int, dilation: int) -> None:
        super().__init__()
        out = planes * 4
        self.conv1 = nn.Conv2d(channels, planes, 1, bias=False)
        self.bn1 = _norm(planes)
        self.conv2 = nn.Conv2d(
            planes, planes, 3, stride=stride, padding=dilation, dilation=dilation, bias=False
        )
        self.bn2 = _norm(planes)
        self.conv3 = nn.Conv2d(planes, out, 1, bias=False)
        self.bn3 = _norm(out)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, out, 1, stride=stride, bias=False), _norm(out)
            )

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B D h w"]:
        inner = F.relu(self.bn1(self.conv1(x)))
        inner = F.relu(self.bn2(self.conv2(inner)))
        return F.relu(self.bn3(self.conv3(inner)) + self.downsample(x))


def _stage(
    channels: int, planes: int, *, blocks: int, stride: int = 1, dilation: int = 1
) -> nn.Sequential:
    first = DilatedBottleneck(channels, planes, stride, dilation)
    rest = [DilatedBottleneck(planes * 4, planes, 1, dilation) for _ in range(blocks - 1)]
    return nn.Sequential(first, *rest)


class PyramidPooling(nn.Module):
    """Averages over grids of 1, 2, 3 and 6 squared, concatenated with the input (PSPNet)."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.Sequential(nn.AdaptiveAvgPool2d(bins), *_activated(channels, out)) for bins in BINS
        )
        self.bottleneck = nn.Sequential(*_activated(channels + len(BINS) * out, out, kernel=3))

    def forward(self, x: Float[Tensor, "B C h w"]) -> Float[Tensor, "B D h w"]:
        averages = [_enlarged(stage(x), x) for stage in self.stages]
        out: Tensor = self.bottleneck(torch.cat([*averages, x], 1))
        return out


class EdgeBranch(nn.Module):
    """Predicts class borders from the first three stages."""

    def __init__(self, channels: tuple[int, int, int], inner: int) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(*_activated(channels[0], inner))
        self.conv2 = nn.Sequential(*_activated(channels[1], inner))
        self.conv3 = nn.Sequential(*_activated(channels[2], inner))
        self.conv4 = nn.Conv2d(inner, EDGES, 3, padding=1)
        self.conv5 = nn.Conv2d(3 * EDGES, EDGES, 1)

    def forward(
        self, first: Float[Tensor, "B C h w"], second: Tensor, third: Tensor
    ) -> tuple[Float[Tensor, "B 2 h w"], Float[Tensor, "B D h w"]]:
        """Edge logits, and features for the fusion."""
        features = [self.conv1(first), self.conv2(second), self.conv3(third)]
        edges = [_enlarged(self.conv4(x), first) for x in features]
        joined = torch.cat([_enlarged(x, first) for x in features], 1)
        return self.conv5(torch.cat(edges, 1)), joined


class ParsingBranch(nn.Module):
    """Combines context with the detail of the first stage."""

    def __init__(self, base: int, classes: int) -> None:
        super().__init__()
        detail = 3 * base // 4
        self.conv1 = nn.Sequential(*_activated(8 * base, 4 * base))
        self.conv2 = nn.Sequential(*_activated(4 * base, detail))
        self.conv3 = nn.Sequential(
            *_activated(4 * base + detail, 4 * base), *_activated(4 * base, 4 * base)
        )
        self.conv4 = nn.Conv2d(4 * base, classes, 1)

    def forward(
        self, context: Float[Tensor, "B C h w"], first: Float[Tensor, "B D H W"]
    ) -> tuple[Float[Tensor, "B K H W"], Float[Tensor, "B E H W"]]:
        """Class logits, and features for the fusion."""
        x = torch.cat([_enlarged(self.conv1(context), first), self.conv2(first)], 1)
        x = self.conv3(x)
        return self.conv4(x), x
