"""Eq. 5: e_z = [VGGFace2(t1), VGG(t2-5)], or in its place a small encoder that is trained, or what
the first layers of VGG19 know."""

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
"""t2 .. t5 share one network."""
DEPTH = 3
"""Blocks of VGG19 whose first layers `vgg_encoder` looks at: relu1_1, relu2_1, relu3_1."""


class AppearanceEncoder(nn.Module):
    """One network for the face, one for everything else, their embeddings side by side.

    `crop` is the size of the parts that it wants, `embedding` the length of e_z.
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
    """The paper's: both pretrained and frozen, 2048 + 4 * 512 = 4096."""
    return AppearanceEncoder(
        Frozen(VGGFace2()),
        Frozen(VGG19()),
        crop=vggface2.SIZE,
        embedding=vggface2.EMBEDDING + GARMENTS * vgg.EMBEDDING,
    )


def small_encoder(width: int, embedding: int, crop: int) -> AppearanceEncoder:
    """Ours: trained together with B2F, `embedding` numbers for each of the five parts."""
    return AppearanceEncoder(
        CropEncoder(width, embedding),
        CropEncoder(width, embedding),
        crop=crop,
        embedding=(1 + GARMENTS) * embedding,
    )


def vgg_encoder(crop: int) -> AppearanceEncoder:
    """Ours: colours and textures of each part as frozen first layers of VGG19 see them."""
    embedding = 2 * sum(channels for channels, _ in BLOCKS[:DEPTH])
    return AppearanceEncoder(
        Frozen(FeatureStatistics(VGG19Features(DEPTH))),
        Frozen(FeatureStatistics(VGG19Features(DEPTH))),
        crop=crop,
        embedding=(1 + GARMENTS) * embedding,
    )


class FeatureStatistics(nn.Module):
    """Mean and deviation of every channel of some layers over the picture."""

    def __init__(self, vgg: VGG19Features) -> None:
        super().__init__()
        self.vgg = vgg

    def forward(self, pictures: Float[Tensor, "B 3 S S"]) -> Float[Tensor, "B E"]:
        """Layer by layer, its means and then its deviations."""
        flat = [features.flatten(2) for features in self.vgg(pictures)]
        return torch.cat([s for x in flat for s in (x.mean(2), x.std(2, correction=0))], 1)
