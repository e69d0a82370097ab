"""VGG19 as losses use it: its first layers, as many as count or as a file has.

Two public layouts are read: torchvision's (whole or cut off anywhere), and the "normalised" one of
style transfer networks, a sequence that begins with a 1x1 convolution to BGR in 0..255 and whose
activations have a mean of 1.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from reenactor.errors import WeightsError
from reenactor_plugins.networks.construct import filled, pretrained
from reenactor_plugins.networks.vgg import BLOCKS, DEVIATION_RGB, MEAN_RGB, prepared

NORMALISED = {2: 0, 5: 2, 9: 5, 12: 7, 16: 10, 19: 12, 22: 14, 25: 16, 29: 19,
              32: 21, 35: 23, 38: 25, 42: 28}  # fmt: skip
"""Places of the convolutions in the normalised sequence, and in torchvision's."""


class VGGTaps(nn.Module):
    """VGG19 up to the first ReLU of its block `depth`, under torchvision's names."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        self.taps: list[int] = []
        before = 3
        for block, (channels, count) in enumerate(BLOCKS[:depth], start=1):
            self.taps.append(len(layers) + 1)
            for _ in range(count if block < depth else 1):
                layers += [nn.Conv2d(before, channels, 3, padding=1), nn.ReLU()]
                before = channels
            if block < depth:
                layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> list[Tensor]:
        """VGG^(j)(x) for j = 1 .. depth: the first ReLU of each block (Eq. 16).

        Args:
            pictures: RGB in [0, 1].
        """
        x, taps = prepared(pictures), []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in self.taps:
                taps.append(x)
        return taps


def vgg_taps(
    file: Path | None,
    depth: int,
    option: str = "vgg",
    what: str = "VGG19, of which a loss is made,",
    advice: str = "fewer figures in training.vgg_weights ask for fewer layers",
) -> VGGTaps:
    """The network of a file of either layout, frozen.

    Args:
        file: the user's.
        depth: blocks of the network, 1 to 5.
        option, what: by which option the file came, and what it is for, as an error names them.
        advice: what to do where the file does not reach that deep.

    Raises:
        WeightsError: there is no file, it does not reach that deep, or it is another network's.
    """
    tensors: Mapping[str, Tensor] = pretrained(file, option, what)
    if _is_normalised(tensors):
        tensors = from_normalised(tensors)
    with torch.device("meta"):
        wanted = VGGTaps(depth).state_dict()
    lacking = [key for key in wanted if key not in tensors]
    if lacking:
        raise WeightsError(
            f"the file of VGG19 does not reach block {depth}",
            given=f"no {lacking[0]} in {file}",
            expected="torchvision's checkpoint, or one with as many layers as have a weight",
            advice=advice,
        )
    used = {key: tensors[key] for key in wanted}
    return filled(partial(VGGTaps, depth), used, "VGG19").eval().requires_grad_(False)


def _is_normalised(tensors: Mapping[str, Tensor]) -> bool:
    """Whether the 1x1 convolution to other colours is there, and the first that sees them."""
    shapes = {"0.weight": (3, 3, 1, 1), "0.bias": (3,), "2.weight": (64, 3, 3, 3), "2.bias": (64,)}
    return all(
        key in tensors and tensors[key].shape == shape and tensors[key].is_floating_point()
        for key, shape in shapes.items()
    )


def from_normalised(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The normalised layout in torchvision's; its 1x1 convolution becomes part of the first.

    That one gives C p + c of a pixel p in [0, 1]; the first convolution shall see
    s = (p - mean) / deviation instead: W (C p + c) = (W C deviation) s + W (C mean + c).
    """
    named = {
        f"features.{there}.{part}": tensors[f"{here}.{part}"]
        for here, there in NORMALISED.items()
        for part in ("weight", "bias")
        if f"{here}.{part}" in tensors
    }
    C, c = tensors["0.weight"][:, :, 0, 0].float(), tensors["0.bias"].float()
    mean, deviation = torch.tensor(MEAN_RGB), torch.tensor(DEVIATION_RGB)
    W = named["features.0.weight"].float()
    named["features.0.weight"] = torch.einsum("ocyx,ci->oiyx", W, C * deviation)
    named["features.0.bias"] = named["features.0.bias"] + torch.einsum("ocyx,c->o", W, C @ mean + c)
    return named
