"""Eq. 19: [c, m^c] = FR(c_I, c^0).

The architecture is that of the de-identification network (Gafni, Wolf, Taigman 2019), which its
authors describe in words and did not release. What we know of it: an encoder of a convolution and
five strided depthwise separable ones with a residual block; a fully connected latent, to which the
face embedding is concatenated; a decoder of upscale blocks (convolution to twice the channels,
activation, instance norm, pixels shuffled to twice the size) and residual blocks; heads for the
face and for the mask. The numbers of channels, and the batch norm of the encoder, are ours.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor_plugins.networks import vggface2
from reenactor_plugins.networks.crop_encoder import CropEncoder
from reenactor_plugins.networks.frozen import Frozen
from reenactor_plugins.networks.vggface2 import VGGFace2

IdentityName = Literal["paper", "small"]

SLOPE = 0.2
HALVINGS = 5


@dataclass(frozen=True)
class FRArchitecture:
    """Channels of the stem (doubled up to 8 times), length of the latent, and the small identity
    encoder's width and embedding. `crop` overrides the crop's size."""

    width: int
    latent: int
    identity_width: int
    identity_embedding: int
    crop: int | None = None


ARCHITECTURES: dict[str, FRArchitecture] = {
    "paper": FRArchitecture(64, 1024, 32, 512),
    "small": FRArchitecture(32, 256, 16, 128),
    "tiny": FRArchitecture(8, 16, 4, 16, crop=64),
}


class FR(nn.Module):
    """An autoencoder of faces, conditioned on an identity.

    Args:
        architecture: size of the network.
        crop: side of a face crop in pixels, a multiple of 32.
        identity: the encoder of the target's face.
    """

    def __init__(
        self, architecture: FRArchitecture, crop: int, identity: IdentityName = "paper"
    ) -> None:
        super().__init__()
        self.crop = architecture.crop or crop
        widths = [
            min(architecture.width * 2**step, architecture.width * 8)
            for step in range(HALVINGS + 1)
        ]
        self.coarse = (widths[-1], self.crop // 2**HALVINGS, self.crop // 2**HALVINGS)
        features = self.coarse[0] * self.coarse[1] * self.coarse[2]

        self.identity, embedding = _identity(identity, architecture)
        self.encoder = nn.Sequential(
            nn.Conv2d(3, widths[0], 5, padding=2),
            nn.LeakyReLU(SLOPE),
            *(_strided(before, after) for before, after in pairwise(widths)),
            ConvResidual(widths[-1]),
        )
        self.latent = nn.Linear(features, architecture.latent)
        self.expand = nn.Linear(architecture.latent + embedding, features)
        upscaled = [widths[-1] // 2**step for step in range(HALVINGS + 1)]
        self.decoder = nn.Sequential(
            *(
                nn.Sequential(Upscale(channels), ConvResidual(channels // 2))
                for channels in upscaled[:-1]
            )
        )
        self.face = nn.Conv2d(upscaled[-1], 3, 3, padding=1)
        self.mask = nn.Conv2d(upscaled[-1], 1, 3, padding=1)

    def identify(self, c_I: Float[Tensor, "B 3 S S"]) -> Float[Tensor, "B E"]:
        """VGGFace(c_I): the target's embedding."""
        if isinstance(self.identity, Frozen):
            c_I = vggface2.cropped(c_I)
        embedding: Tensor = self.identity(c_I)
        return embedding

    def forward(
        self, c_0: Float[Tensor, "B 3 S S"], identity: Float[Tensor, "B E"]
    ) -> tuple[Float[Tensor, "B 3 S S"], Float[Tensor, "B 1 S S"]]:
        """The refined crop c and its blending mask m^c, both in [0, 1].

        Args:
            c_0: the frame's aligned face, which gives pose, expression and lighting.
            identity: the target's embedding from `identify`.
        """
        seen = self.latent(self.encoder(c_0 * 2 - 1).flatten(1))
        expanded = self.expand(torch.cat([seen, identity], 1))
        features = self.decoder(F.leaky_relu(expanded, SLOPE).view(-1, *self.coarse))
        c = (self.face(features).tanh() + 1) / 2
        return c, self.mask(features).sigmoid()


class ConvResidual(nn.Module):
    """x + leaky_relu(conv(x))."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        return x + F.leaky_relu(self.conv(x), SLOPE)


class Upscale(nn.Module):
    """Doubles the channels, then pixel shuffle: twice the size, half the channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 2 * channels, 3, padding=1)
        self.norm = nn.InstanceNorm2d(2 * channels)

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B D H2 W2"]:
        return F.pixel_shuffle(self.norm(F.leaky_relu(self.conv(x), SLOPE)), 2)


def _strided(before: int, after: int) -> nn.Sequential:
    """A depthwise separable convolution with stride 2."""
    return nn.Sequential(
        nn.Conv2d(before, before, 3, stride=2, padding=1, groups=before, bias=False),
        nn.Conv2d(before, after, 1, bias=False),
        nn.BatchNorm2d(after),
        nn.LeakyReLU(SLOPE),
    )


def _identity(name: IdentityName, architecture: FRArchitecture) -> tuple[nn.Module, int]:
    if name == "paper":
        return Frozen(VGGFace2()), vggface2.EMBEDDING
    return CropEncoder(
        architecture.identity_width, architecture.identity_embedding
    ), architecture.identity_embedding
