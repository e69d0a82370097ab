"""VGG19 trained on ImageNet (Simonyan, Zisserman 2014), with torchvision's module names.

`VGG19` is complete and gives the embedding e_z. `VGG19Features` ends early and gives the features
of perceptual losses. Its files may have either of two public layouts: torchvision's (complete or
cut off after any layer), or the "normalised" one of style transfer networks, a sequence that
begins with a 1x1 convolution to BGR in 0..255 and whose activations have a mean of 1.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor, nn

from reenactor.errors import WeightsError
from reenactor_plugins.networks.checkpoint import from_state_dict, load_backbone, load_checkpoint

EMBEDDING = 512
"""Length of VGG(t): conv5, averaged over the picture."""

MEAN_RGB = (0.485, 0.456, 0.406)
DEVIATION_RGB = (0.229, 0.224, 0.225)

BLOCKS = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))
"""Channels and number of the 3x3 convolutions of each block; max pooling follows a block."""

FIRST_RELUS = (1, 6, 11, 20, 29)
"""Indices of relu1_1 .. relu5_1 in `features`."""

CONV5_END = 36
"""Layers up to relu5_4: the last pooling is left out."""

NORMALISED = {2: 0, 5: 2, 9: 5, 12: 7, 16: 10, 19: 12, 22: 14, 25: 16, 29: 19,
              32: 21, 35: 23, 38: 25, 42: 28}  # fmt: skip
"""torchvision's indices of the convolutions by those of the normalised sequence."""


def layers() -> Iterator[nn.Module]:
    """The layers of torchvision's `vgg19().features`, in order."""
    before = 3
    for channels, count in BLOCKS:
        for _ in range(count):
            yield nn.Conv2d(before, channels, 3, padding=1)
            yield nn.ReLU()
            before = channels
        yield nn.MaxPool2d(2)


class VGG19(nn.Module):
    """The convolutions of VGG19, without its classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(*islice(layers(), CONV5_END))

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 512"]:
        """VGG(t) of Eq. 5: conv5_4 after its ReLU, averaged over the picture.

        The paper gives the length 512 but does not name the layer.

        Args:
            pictures: RGB in [0, 1].
        """
        features: Tensor = self.features(normalised(pictures))
        return features.mean((2, 3))


class VGG19Features(nn.Module):
    """VGG19 up to the first ReLU of block `depth`, 1 to 5."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.outputs = FIRST_RELUS[:depth]
        self.features = nn.Sequential(*islice(layers(), self.outputs[-1] + 1))

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> list[Tensor]:
        """VGG^(j)(x) for j = 1 .. depth: the first ReLU of each block (Eq. 16).

        Args:
            pictures: RGB in [0, 1].
        """
        x, features = normalised(pictures), []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in self.outputs:
                features.append(x)
        return features


def normalised(pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
    """RGB in [0, 1], normalised with ImageNet's mean and standard deviation."""
    mean = pictures.new_tensor(MEAN_RGB)[:, None, None]
    deviation = pictures.new_tensor(DEVIATION_RGB)[:, None, None]
    return (pictures - mean) / deviation


from_file = partial(load_backbone, VGG19, "classifier.", "imagenet")
"""Load torchvision's checkpoint, given by the option `imagenet`; see `load_backbone`."""


def features_from_file(
    file: Path | None,
    depth: int,
    option: str = "vgg",
    what: str = "VGG19, used by a loss,",
    advice: str = "training.vgg_weights with fewer numbers needs fewer layers",
) -> VGG19Features:
    """Load the first blocks of VGG19, frozen, from a file of either layout.

    Args:
        file: the checkpoint.
        depth: blocks of the network, 1 to 5.
        option: the option that names the file, for error messages.
        what: what the network is used for, for error messages.
        advice: what to do if the file has too few layers.

    Raises:
        WeightsError: no file is given, it has too few layers, or it belongs to another network.
    """
    tensors: Mapping[str, Tensor] = load_checkpoint(file, option, what)
    if _is_normalised(tensors):
        tensors = from_normalised(tensors)
    with torch.device("meta"):
        keys = VGG19Features(depth).state_dict()
    missing = [key for key in keys if key not in tensors]
    if missing:
        raise WeightsError(
            f"the file of VGG19 does not reach block {depth}",
            given=f"no {missing[0]} in {file}",
            expected="torchvision's checkpoint, or one with as many layers as have a weight",
            advice=advice,
        )
    used = {key: tensors[key] for key in keys}
    network = from_state_dict(partial(VGG19Features, depth), used, "VGG19")
    return network.eval().requires_grad_(False)


def _is_normalised(tensors: Mapping[str, Tensor]) -> bool:
    """Whether the tensors begin with the 1x1 convolution and the first 3x3 one."""
    shapes = {"0.weight": (3, 3, 1, 1), "0.bias": (3,), "2.weight": (64, 3, 3, 3), "2.bias": (64,)}
    return all(
        key in tensors and tensors[key].shape == shape and tensors[key].is_floating_point()
        for key, shape in shapes.items()
    )


def from_normalised(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Convert the normalised layout to torchvision's.

    The 1x1 convolution, which maps a pixel p in [0, 1] to C p + c, is merged into the first 3x3
    one, whose input becomes s = (p - mean) / deviation:
    W (C p + c) = (W C deviation) s + W (C mean + c).
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
