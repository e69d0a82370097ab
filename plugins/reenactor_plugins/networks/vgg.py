"""VGG19 trained on ImageNet (Simonyan, Zisserman 2014), whole, for the embedding e_z.

`vgg_taps` has as much of it as losses need.

The modules bear torchvision's names, so that its public checkpoint fits as it is.
"""

from functools import partial

from jaxtyping import Float
from torch import Tensor, nn

from reenactor_plugins.networks.construct import backbone

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
        before = 3
        for channels, count in BLOCKS:
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


def prepared(pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
    """RGB in [0, 1] with ImageNet's mean and deviation taken out."""
    mean = pictures.new_tensor(MEAN_RGB)[:, None, None]
    deviation = pictures.new_tensor(DEVIATION_RGB)[:, None, None]
    return (pictures - mean) / deviation


from_file = partial(backbone, VGG19, "classifier.", "imagenet")
"""The network of torchvision's checkpoint, given by an option `imagenet`; see `backbone`."""
