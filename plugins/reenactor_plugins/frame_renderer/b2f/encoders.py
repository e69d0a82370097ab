"""Eq. 5: e_z = [VGGFace2(t1), VGG(t2-5)]; alternatively a small trained encoder, or statistics of
VGG19's first layers."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from reenactor.pipeline import method
from reenactor_plugins.networks import vgg, vggface2
from reenactor_plugins.networks.crop_encoder import CropEncoder
from reenactor_plugins.networks.frozen import Frozen
from reenactor_plugins.networks.vgg import BLOCKS, VGG19, VGG19Features
from reenactor_plugins.networks.vggface2 import VGGFace2

GARMENTS = 4
"""Number of parts t2 .. t5, which share one network."""
DEPTH = 3
"""Blocks of VGG19 used by `vgg_encoder`: relu1_1, relu2_1, relu3_1."""


class AppearanceEncoder(nn.Module):
    """Embeds the face with one network and all other parts with another; concatenates them.

    `crop` is the size of the part crops, `embedding` the length of e_z.
    """

    def __init__(self, face: nn.Module, garment: nn.Module, crop: int, embedding: int) -> None:
        super().__init__()
        self.face = face
        self.garment = garment
        self.crop = crop
        self.embedding = embedding

    def forward(self, t: Float[Tensor, "B 5 3 S S"]) -> Float[Tensor, "B E"]:
        """e_z of the part crops t1 .. t5."""
        return method.embed(self.face, self.garment, t)


def paper_encoder() -> AppearanceEncoder:
    """The paper's encoder: pretrained and frozen, 2048 + 4 * 512 = 4096 values."""
    return AppearanceEncoder(
        Frozen(VGGFace2()),
        Frozen(VGG19()),
        crop=vggface2.SIZE,
        embedding=vggface2.EMBEDDING + GARMENTS * vgg.EMBEDDING,
    )


def small_encoder(width: int, embedding: int, crop: int) -> AppearanceEncoder:
    """Ours: trained together with B2F, `embedding` values for each of the five parts."""
    return AppearanceEncoder(
        CropEncoder(width, embedding),
        CropEncoder(width, embedding),
        crop=crop,
        embedding=(1 + GARMENTS) * embedding,
    )


def vgg_encoder(crop: int) -> AppearanceEncoder:
    """Ours: statistics of frozen first layers of VGG19 for each part."""
    embedding = 2 * sum(channels for channels, _ in BLOCKS[:DEPTH])
    return AppearanceEncoder(
        Frozen(FeatureStatistics(VGG19Features(DEPTH))),
        Frozen(FeatureStatistics(VGG19Features(DEPTH))),
        crop=crop,
        embedding=(1 + GARMENTS) * embedding,
    )


class FeatureStatistics(nn.Module):
    """Mean and standard deviation of each feature channel over the picture."""

    def __init__(self, vgg: VGG19Features) -> None:
        super().__init__()
        self.vgg = vgg

    def forward(self, pictures: Float[Tensor, "B 3 S S"]) -> Float[Tensor, "B E"]:
        """For each layer its means, then its standard deviations."""
        flat = [features.flatten(2) for features in self.vgg(pictures)]
        return torch.cat([s for x in flat for s in (x.mean(2), x.std(2, correction=0))], 1)
