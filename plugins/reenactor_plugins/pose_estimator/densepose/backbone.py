"""ResNet with a feature pyramid (Lin et al. 2017), its modules named as detectron2's.

The ResNet is the one that its authors trained in Caffe: where a stage halves the resolution, the
first 1x1 convolution does. Norms are fixed.
"""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
"""Blocks of each stage, by the network's depth."""
LEVELS = (2, 3, 4, 5)
"""Level n has a pixel for 2^n x 2^n of the input's."""
CHANNELS = 256
"""Of every level of the pyramid."""
STRIDE = 32
"""Height and width of the input must be multiples of this."""

Pyramid = list[Tensor]
"""One map for each of `LEVELS`."""


class FPN(nn.Module):
    """Pictures to a pyramid of features."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.bottom_up = ResNet(depth)
        for level in LEVELS:
            given = 64 * 2**level
            self.add_module(f"fpn_lateral{level}", nn.Conv2d(given, CHANNELS, 1))
            self.add_module(f"fpn_output{level}", nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1))

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Pyramid:
        above: Tensor | None = None
        levels: Pyramid = []
        for level, features in reversed(list(zip(LEVELS, self.bottom_up(pictures), strict=True))):
            here: Tensor = self.get_submodule(f"fpn_lateral{level}")(features)
            above = here if above is None else here + F.interpolate(above, scale_factor=2.0)
            levels.insert(0, self.get_submodule(f"fpn_output{level}")(above))
        return levels


class ResNet(nn.Module):
    """Pictures to the results of four stages."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.stem = nn.ModuleDict({"conv1": NormedConv(3, 64, 7, stride=2)})
        given = 64
        for level, blocks in zip(LEVELS, BLOCKS[depth], strict=True):
            out = 64 * 2**level
            stride = 1 if level == 2 else 2
            first = FrozenNormBottleneck(given, out, stride)
            rest = [FrozenNormBottleneck(out, out, 1) for _ in range(blocks - 1)]
            self.add_module(f"res{level}", nn.Sequential(first, *rest))
            given = out

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Pyramid:
        x = F.max_pool2d(F.relu(self.stem["conv1"](pictures)), 3, stride=2, padding=1)
        results = []
        for level in LEVELS:
            x = self.get_submodule(f"res{level}")(x)
            results.append(x)
        return results


class FrozenNormBottleneck(nn.Module):
    """1x1 with the stride, 3x3, 1x1, and a shortcut."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        inner = out // 4
        self.conv1 = NormedConv(channels, inner, 1, stride=stride)
        self.conv2 = NormedConv(inner, inner, 3)
        self.conv3 = NormedConv(inner, out, 1)
        self.shortcut: nn.Module = nn.Identity()
        if channels != out:
            self.shortcut = NormedConv(channels, out, 1, stride=stride)

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B D h w"]:
        inner = F.relu(self.conv2(F.relu(self.conv1(x))))
        return F.relu(self.conv3(inner) + self.shortcut(x))


class NormedConv(nn.Conv2d):
    """A convolution without offset and its norm, which is named within it."""

    def __init__(self, given: int, out: int, kernel: int, stride: int = 1) -> None:
        super().__init__(given, out, kernel, stride=stride, padding=kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(out)

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B D h w"]:
        out: Tensor = self.norm(super().forward(x))
        return out
