"""LPIPS 0.1: the distance of deep features with learned weights (Zhang et al. 2018).

The backbones are written here from the papers of VGG-16, AlexNet and SqueezeNet 1.1 and bear
torchvision's names, so that its files load; the package itself is not used, because its binary
must match the installed torch. Weights are those of `reenactor.metrics.weights` and no others.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

import torch
from jaxtyping import Float, Float64
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor.metrics.weights import BACKBONES, HEADS
from reenactor.runtime import Runtime
from reenactor.weights.tensors import load_tensors

Net = Literal["vgg", "squeeze", "alex"]
NETS: tuple[Net, ...] = get_args(Net)

TAPS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "vgg": (3, 8, 15, 22, 29),
        "squeeze": (1, 4, 7, 9, 10, 11, 12),
        "alex": (1, 4, 7, 9, 11),
    }
)
"""Layers whose outputs are compared, as indices into torchvision's `features`."""


class Fire(nn.Module):
    """SqueezeNet's fire module: a 1x1 squeeze layer, then parallel 1x1 and 3x3 filters."""

    def __init__(self, inner: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inner, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Float[Tensor, "T C h w"]) -> Float[Tensor, "T K h w"]:
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], 1)


class Lpips(nn.Module):
    """A backbone and its heads; `forward` returns the distance of each pair."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        layers = {"vgg": _vgg16, "squeeze": _squeezenet, "alex": _alexnet}[net]()
        self.features = nn.Sequential(*layers)
        self.taps = TAPS[net]
        channels = {
            "vgg": (64, 128, 256, 512, 512),
            "squeeze": (64, 128, 256, 384, 384, 512, 512),
            "alex": (64, 192, 384, 256, 256),
        }[net]
        self.heads = nn.ParameterList([torch.zeros(1, c, 1, 1) for c in channels])
        self.register_buffer("shift", torch.tensor([-0.030, -0.088, -0.188])[:, None, None])
        self.register_buffer("scale", torch.tensor([0.458, 0.448, 0.450])[:, None, None])

    def forward(
        self,
        generated: Float[Tensor, "T 3 H W"],
        truth: Float[Tensor, "T 3 H W"],
        mask: Float[Tensor, "T 1 H W"] | None = None,
    ) -> Float[Tensor, " T"]:
        """Distances between pictures in [0, 1]. See `lpips` for the mask."""
        total = generated.new_zeros(generated.shape[0])
        pairs = zip(self._tapped(generated), self._tapped(truth), self.heads, strict=True)
        for a, b, head in pairs:
            difference = (_unit(a) - _unit(b)).square()
            total = total + _mean((difference * head).sum(1), mask)
        return total

    def _tapped(self, pictures: Tensor) -> list[Tensor]:
        x = (pictures * 2 - 1 - self.get_buffer("shift")) / self.get_buffer("scale")
        out = []
        for place, layer in enumerate(self.features):
            x = layer(x)
            if place in self.taps:
                out.append(x)
        return out


def load_lpips(net: Net, runtime: Runtime) -> Lpips:
    """The network with its published weights.

    Raises:
        WeightsError: the file of the backbone or heads is missing, or a different one.
    """
    backbone = load_tensors(runtime.weight(BACKBONES[net]))
    heads = load_tensors(runtime.weight(HEADS[net]))
    return with_weights(Lpips(net), backbone, heads).to(runtime.device)


def with_weights(
    network: Lpips, backbone: Mapping[str, Tensor], heads: Mapping[str, Tensor]
) -> Lpips:
    """Load a network from torchvision's `features.*` and the lpips package's `lin*.model.1.weight`.

    Raises:
        WeightsError: a tensor is missing or has the wrong shape.
    """
    names = {f"lin{i}.model.1.weight": f"heads.{i}" for i in range(len(network.taps))}
    state = {key: value for key, value in backbone.items() if key.startswith("features.")}
    state |= {names[key]: value for key, value in heads.items() if key in names}
    own = network.state_dict()
    wrong = [
        key
        for key, value in own.items()
        if key not in ("shift", "scale") and getattr(state.get(key), "shape", None) != value.shape
    ]
    if wrong:
        raise WeightsError(
            "the weights do not fit LPIPS",
            given=f"missing or of the wrong shape: {', '.join(wrong[:4])}",
            expected="torchvision's features.* and the lpips package's lin*.model.1.weight",
        )
    used = {key: value for key, value in state.items() if key in own}
    network.load_state_dict(used, strict=False)
    return network.requires_grad_(False).eval()


def lpips(
    network: Lpips,
    generated: Float[Tensor, "T 3 H W"],
    truth: Float[Tensor, "T 3 H W"],
    mask: Float[Tensor, "T 1 H W"] | None = None,
) -> Float64[Tensor, " T"]:
    """Distances, computed frame by frame to bound memory.

    Args:
        generated, truth: RGB in [0, 1].
        mask: person = 1. With a mask, the mean of each layer is weighted by the person's share of
            each location. The background should be the same in both, as features overlap it.

    Returns:
        A distance per pair; NaN for an empty mask.
    """
    device = network.heads[0].device
    values = []
    with torch.inference_mode():
        for t in range(len(generated)):
            there = (
                None if x is None else x[t : t + 1].to(device) for x in (generated, truth, mask)
            )
            values.append(network(*there).cpu())
    return torch.cat(values).double() if values else torch.zeros(0, dtype=torch.float64)


def _mean(
    distances: Float[Tensor, "T h w"], mask: Float[Tensor, "T 1 H W"] | None
) -> Float[Tensor, " T"]:
    if mask is None:
        return distances.mean((1, 2))
    height, width = distances.shape[1:]
    weight = F.adaptive_avg_pool2d(mask, (height, width))[:, 0]
    return (distances * weight).sum((1, 2)) / weight.sum((1, 2))


def _unit(x: Tensor) -> Tensor:
    return x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10)


def _vgg16() -> list[nn.Module]:
    layers: list[nn.Module] = []
    inner = 3
    for block in ((64, 64), (128, 128), (256, 256, 256), (512,) * 3, (512,) * 3):
        if layers:
            layers.append(nn.MaxPool2d(2, 2))
        for outer in block:
            layers += [nn.Conv2d(inner, outer, 3, padding=1), nn.ReLU()]
            inner = outer
    return layers


def _alexnet() -> list[nn.Module]:
    pool = nn.MaxPool2d(3, 2)
    return [
        nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), pool,
        nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), pool,
        nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(),
    ]  # fmt: skip


def _squeezenet() -> list[nn.Module]:
    pool = nn.MaxPool2d(3, 2, ceil_mode=True)
    return [
        nn.Conv2d(3, 64, 3, stride=2), nn.ReLU(), pool,
        Fire(64, 16, 64), Fire(128, 16, 64), pool,
        Fire(128, 32, 128), Fire(256, 32, 128), pool,
        Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256),
    ]  # fmt: skip
