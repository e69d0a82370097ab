"""A small trainable encoder of crops, an alternative to the pretrained ones."""

from itertools import pairwise

from jaxtyping import Float
from torch import Tensor, nn


class CropEncoder(nn.Module):
    """Five strided 4x4 convolutions, each with batch norm, averaged over the crop.

    The first convolution has no norm, because mean colours matter.

    Args:
        width: channels after the first convolution; each further one doubles them.
        embedding: length of the embedding.
    """

    def __init__(self, width: int, embedding: int) -> None:
        super().__init__()
        widths = [width * 2**step for step in range(5)]
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        for before, after in pairwise(widths):
            layers += [
                nn.Conv2d(before, after, 4, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.LeakyReLU(0.2),
            ]
        self.layers = nn.Sequential(*layers)
        self.out = nn.Linear(widths[-1], embedding)

    def forward(self, crops: Float[Tensor, "B 3 S S"]) -> Float[Tensor, "B E"]:
        """Embed crops in [0, 1], 32 pixels or larger."""
        features: Tensor = self.layers(crops * 2 - 1).mean((2, 3))
        out: Tensor = self.out(features)
        return out
