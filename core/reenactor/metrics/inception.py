"""The Inception-v3 of FID: TensorFlow's network of 2015 in torch.

Written from Szegedy et al. 2016, with two known differences of TensorFlow's graph: average pooling
excludes padding, and the last block uses max pooling. Names follow torchvision, as in the
published file. BatchNorm has eps 1e-3.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor.errors import WeightsError

Kernel = int | tuple[int, int]


class Conv(nn.Module):
    """Convolution, normalisation, ReLU."""

    def __init__(
        self, inner: int, outer: int, kernel: Kernel, stride: int = 1, padded: bool = True
    ) -> None:
        super().__init__()
        sides = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (sides[0] // 2, sides[1] // 2) if padded else (0, 0)
        self.conv = nn.Conv2d(inner, outer, sides, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outer, eps=0.001)

    def forward(self, x: Float[Tensor, "T C h w"]) -> Float[Tensor, "T K a b"]:
        return F.relu(self.bn(self.conv(x)))


Layout = Mapping[str, Conv]


class Block(nn.Module):
    """Parallel branches: rows of layer names, in which a tuple is a fork."""

    def __init__(
        self, layers: Layout, paths: Sequence[Sequence[str | tuple[str, str]]], pool: str
    ) -> None:
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.paths = paths
        self.pool = pool

    def forward(self, x: Float[Tensor, "T C h w"]) -> Float[Tensor, "T K a b"]:
        out = [y for path in self.paths for y in self._follow(path, x)]
        if self.pool == "stride":
            return torch.cat([*out, F.max_pool2d(x, 3, 2)], 1)
        if self.pool == "max":
            pooled = F.max_pool2d(x, 3, 1, 1)
        else:
            pooled = F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        return torch.cat([*out, self.get_submodule("branch_pool")(pooled)], 1)

    def _follow(self, path: Sequence[str | tuple[str, str]], x: Tensor) -> list[Tensor]:
        for name in path:
            if isinstance(name, tuple):
                return [self.get_submodule(fork)(x) for fork in name]
            x = self.get_submodule(name)(x)
        return [x]


def _a(inner: int, pooled: int) -> Block:
    layers = {
        "branch1x1": Conv(inner, 64, 1),
        "branch5x5_1": Conv(inner, 48, 1),
        "branch5x5_2": Conv(48, 64, 5),
        "branch3x3dbl_1": Conv(inner, 64, 1),
        "branch3x3dbl_2": Conv(64, 96, 3),
        "branch3x3dbl_3": Conv(96, 96, 3),
        "branch_pool": Conv(inner, pooled, 1),
    }
    paths = (
        ("branch1x1",),
        ("branch5x5_1", "branch5x5_2"),
        ("branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
    )
    return Block(layers, paths, "mean")


def _b(inner: int) -> Block:
    layers = {
        "branch3x3": Conv(inner, 384, 3, 2, padded=False),
        "branch3x3dbl_1": Conv(inner, 64, 1),
        "branch3x3dbl_2": Conv(64, 96, 3),
        "branch3x3dbl_3": Conv(96, 96, 3, 2, padded=False),
    }
    paths = (("branch3x3",), ("branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"))
    return Block(layers, paths, "stride")


def _c(inner: int, width: int) -> Block:
    layers = {
        "branch1x1": Conv(inner, 192, 1),
        "branch7x7_1": Conv(inner, width, 1),
        "branch7x7_2": Conv(width, width, (1, 7)),
        "branch7x7_3": Conv(width, 192, (7, 1)),
        "branch7x7dbl_1": Conv(inner, width, 1),
        "branch7x7dbl_2": Conv(width, width, (7, 1)),
        "branch7x7dbl_3": Conv(width, width, (1, 7)),
        "branch7x7dbl_4": Conv(width, width, (7, 1)),
        "branch7x7dbl_5": Conv(width, 192, (1, 7)),
        "branch_pool": Conv(inner, 192, 1),
    }
    paths = (
        ("branch1x1",),
        tuple(f"branch7x7_{i}" for i in range(1, 4)),
        tuple(f"branch7x7dbl_{i}" for i in range(1, 6)),
    )
    return Block(layers, paths, "mean")


def _d(inner: int) -> Block:
    layers = {
        "branch3x3_1": Conv(inner, 192, 1),
        "branch3x3_2": Conv(192, 320, 3, 2, padded=False),
        "branch7x7x3_1": Conv(inner, 192, 1),
        "branch7x7x3_2": Conv(192, 192, (1, 7)),
        "branch7x7x3_3": Conv(192, 192, (7, 1)),
        "branch7x7x3_4": Conv(192, 192, 3, 2, padded=False),
    }
    paths = (
        ("branch3x3_1", "branch3x3_2"),
        tuple(f"branch7x7x3_{i}" for i in range(1, 5)),
    )
    return Block(layers, paths, "stride")


def _e(inner: int, pool: str) -> Block:
    layers = {
        "branch1x1": Conv(inner, 320, 1),
        "branch3x3_1": Conv(inner, 384, 1),
        "branch3x3_2a": Conv(384, 384, (1, 3)),
        "branch3x3_2b": Conv(384, 384, (3, 1)),
        "branch3x3dbl_1": Conv(inner, 448, 1),
        "branch3x3dbl_2": Conv(448, 384, 3),
        "branch3x3dbl_3a": Conv(384, 384, (1, 3)),
        "branch3x3dbl_3b": Conv(384, 384, (3, 1)),
        "branch_pool": Conv(inner, 192, 1),
    }
    paths = (
        ("branch1x1",),
        ("branch3x3_1", ("branch3x3_2a", "branch3x3_2b")),
        ("branch3x3dbl_1", "branch3x3dbl_2", ("branch3x3dbl_3a", "branch3x3dbl_3b")),
    )
    return Block(layers, paths, pool)


class Inception(nn.Module):
    """Maps pictures of 299x299 in [-1, 1] to 2048 features."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Conv(3, 32, 3, 2, padded=False)
        self.Conv2d_2a_3x3 = Conv(32, 32, 3, padded=False)
        self.Conv2d_2b_3x3 = Conv(32, 64, 3)
        self.Conv2d_3b_1x1 = Conv(64, 80, 1)
        self.Conv2d_4a_3x3 = Conv(80, 192, 3, padded=False)
        self.Mixed_5b, self.Mixed_5c, self.Mixed_5d = _a(192, 32), _a(256, 64), _a(288, 64)
        self.Mixed_6a = _b(288)
        self.Mixed_6b, self.Mixed_6c = _c(768, 128), _c(768, 160)
        self.Mixed_6d, self.Mixed_6e = _c(768, 160), _c(768, 192)
        self.Mixed_7a, self.Mixed_7b, self.Mixed_7c = _d(768), _e(1280, "mean"), _e(2048, "max")

    def forward(self, x: Float[Tensor, "T 3 299 299"]) -> Float[Tensor, "T 2048"]:
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(F.max_pool2d(x, 3, 2)))
        x = F.max_pool2d(x, 3, 2)
        x = self.Mixed_6a(self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(x))))
        x = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(x))))
        x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x)))
        return x.mean((2, 3))


UNUSED: Mapping[str, str] = MappingProxyType({"fc.": "the classifier", "AuxLogits.": "its aid"})
"""Prefixes of tensors in the file that FID does not use."""


def with_weights(network: Inception, state: Mapping[str, Tensor]) -> Inception:
    """Load a file's tensors into the network.

    Raises:
        WeightsError: a tensor is missing, unexpected, or has the wrong shape.
    """
    given = {key: value for key, value in state.items() if not key.startswith(tuple(UNUSED))}
    own = network.state_dict()
    wanted = {key for key in own if not key.endswith("num_batches_tracked")}
    wrong = sorted(wanted - given.keys()) + sorted(given.keys() - own.keys())
    wrong += [key for key in wanted & given.keys() if own[key].shape != given[key].shape]
    if wrong:
        raise WeightsError(
            "the weights do not fit the Inception of FID",
            given=f"{len(wrong)} tensors, as {', '.join(wrong[:3])}",
            expected="the names and shapes of pt_inception-2015-12-05",
        )
    network.load_state_dict(given, strict=False)
    return network.requires_grad_(False).eval()
