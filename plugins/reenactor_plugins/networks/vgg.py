"""VGG19 trained on ImageNet (Simonyan, Zisserman 2014): features for losses and for e_z.

The modules bear torchvision's names, so that its public checkpoint fits as it is.
"""

from collections.abc import Mapping
from pathlib import Path

from jaxtyping import Float
from torch import Tensor, nn

from reenactor_plugins.networks.construct import filled, pretrained

EMBEDDING = 512
"""Length of VGG(t): conv5, averaged over the picture."""

MEAN_RGB = (0.485, 0.456, 0.406)
DEVIATION_RGB = (0.229, 0.224, 0.225)

BLOCKS = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))
"""Channels and number of the 3x3 convolutions of each block; a max pooling follows a block."""


class VGG19(nn.Module):
    """The convolutions of VGG19, without its classifier."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        self.first_relus: list[int] = []
        before = 3
        for channels, count in BLOCKS:
            self.first_relus.append(len(layers) + 1)
            for _ in range(count):
                layers += [nn.Conv2d(before, channels, 3, padding=1), nn.ReLU()]
                before = channels
            layers.append(nn.MaxPool2d(2))
        # The pooling after the last block is left out: conv5 is where the features end.
        self.features = nn.Sequential(*layers[:-1])

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 512"]:
        """VGG(t) of Eq. 5: conv5_4 after its ReLU, averaged over the picture.

        The paper says 512; which 512 it does not say.
        """
        features: Tensor = self.features(prepared(pictures))
        return features.mean((2, 3))

    def taps(self, pictures: Float[Tensor, "B 3 H W"]) -> list[Tensor]:
        """VGG^(j)(x) of Eq. 16 for j = 1 .. 5: the first ReLU of each block, as in SPADE."""
        x, taps = prepared(pictures), []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in self.first_relus:
                taps.append(x)
            if len(taps) == len(BLOCKS):
                break
        return taps


def prepared(pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
    """RGB in [0, 1] with ImageNet's mean and deviation taken out."""
    mean = pictures.new_tensor(MEAN_RGB)[:, None, None]
    deviation = pictures.new_tensor(DEVIATION_RGB)[:, None, None]
    return (pictures - mean) / deviation


def from_file(file: Path | None, what: str) -> VGG19:
    """The network of torchvision's checkpoint, frozen.

    Args:
        file: the user's, by an option `imagenet`.
        what: what it is for, as an error names it.

    Raises:
        WeightsError: there is no file, or it is none of this network's.
    """
    tensors = without_classifier(pretrained(file, "imagenet", what))
    return filled(VGG19, tensors, "VGG19").eval().requires_grad_(False)


def without_classifier(checkpoint: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """torchvision's tensors, less the fully connected layers that name ImageNet's classes."""
    return {key: value for key, value in checkpoint.items() if not key.startswith("classifier.")}
