"""Eqs. 5 and 6: e_z = encode(t), (z, m) = B2F(P^M, e_z)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor_plugins.frame_renderer.b2f.encoders import (
    AppearanceEncoder,
    paper_encoder,
    small_encoder,
    vgg_encoder,
)
from reenactor_plugins.frame_renderer.b2f.face_labels import NUM_CHANNELS
from reenactor_plugins.frame_renderer.b2f.options import B2FOptions
from reenactor_plugins.frame_renderer.b2f.spade import SpadeDecoder, Upsampling

LayoutName = Literal["square", "exact", "low"]
EncoderName = Literal["paper", "small", "vgg"]


@dataclass(frozen=True)
class B2FArchitecture:
    """Size of the network.

    `latent` counts the channels of the latent, `widths` those of the blocks after the middle,
    `hidden` those of SPADE's own convolutions. The rest describes the small encoder.
    """

    latent: int
    widths: tuple[int, ...]
    hidden: int
    encoder_width: int
    encoder_embedding: int
    encoder_crop: int


ARCHITECTURES: dict[str, B2FArchitecture] = {
    "paper": B2FArchitecture(1024, (512, 256, 128, 64, 32), 128, 32, 256, 96),
    "small": B2FArchitecture(256, (96, 48, 24, 16), 32, 16, 96, 96),
    "tiny": B2FArchitecture(64, (16, 8), 8, 4, 16, 32),
}


@dataclass(frozen=True)
class LatentLayout:
    """The latent's height and width, and the number of upsamplings."""

    latent: tuple[int, int]
    upsamplings: int

    @property
    def drawn(self) -> tuple[int, int]:
        """Height and width of the decoder's output."""
        scale: int = 2**self.upsamplings
        return self.latent[0] * scale, self.latent[1] * scale


def layout_of(name: LayoutName, architecture: B2FArchitecture) -> LatentLayout:
    """The layout of a name. The paper's 4x4 latent and seven upsamplings give 512x512, not 512x320.

    `square` keeps the paper's numbers and crops; `exact` starts from 8x5 with one upsampling less.
    (SPADE's own rule for 320 columns would start from 3x2 and give 384x256.) `low` is `square` with
    one upsampling less: 256x256, cropped to 256x160.
    """
    upsamplings = len(architecture.widths) + 2
    if name == "square":
        return LatentLayout((4, 4), upsamplings)
    return LatentLayout((4, 4) if name == "low" else (8, 5), upsamplings - 1)


class B2F(nn.Module):
    """A fully connected layer from e_z to a latent, SPADE's decoder, and two heads."""

    def __init__(
        self,
        architecture: B2FArchitecture,
        layout: LayoutName = "square",
        encoder: EncoderName = "paper",
        colours: bool = False,
        upsampling: Upsampling = "nearest",
    ) -> None:
        super().__init__()
        self.colours = colours
        self.layout = layout_of(layout, architecture)
        self.channels = architecture.latent
        widths = architecture.widths if layout == "square" else architecture.widths[:-1]
        self.encoder = _encoder(encoder, architecture)
        height, width = self.layout.latent
        self.project = nn.Linear(self.encoder.embedding, self.channels * height * width)
        labels = NUM_CHANNELS + 3 * colours
        self.decoder = SpadeDecoder(
            self.channels, widths, labels, hidden=architecture.hidden, upsampling=upsampling
        )
        self.image = nn.Conv2d(widths[-1], 3, 3, padding=1)
        self.mask = nn.Conv2d(widths[-1], 1, 3, padding=1)

    def encode(self, t: Float[Tensor, "B 5 3 S S"]) -> Float[Tensor, "B E"]:
        """Eq. 5: e_z of the part crops."""
        e_z: Tensor = self.encoder(t)
        return e_z

    def latent(self, e_z: Float[Tensor, "B E"]) -> Float[Tensor, "B C h w"]:
        """e_z projected and reshaped: constant for a target, "hence run only once"."""
        projected: Tensor = self.project(e_z)
        return projected.view(-1, self.channels, *self.layout.latent)

    def forward(
        self, body: Float[Tensor, "B L H W"], latent: Float[Tensor, "B C h w"]
    ) -> tuple[Float[Tensor, "B 3 H W"], Float[Tensor, "B 1 H W"]]:
        """Eq. 6: (z, m), both in [0, 1].

        Args:
            body: P^M, one-hot, with the five face labels (27 channels) and, with `colours`, the
                colour of each pixel's class (3 more). It may have any size: it is padded with
                background to the decoder's aspect ratio, and the output is cropped again.
            latent: the target's latent for each picture.
        """
        size = (body.shape[2], body.shape[3])
        framed = _framed(body, self.layout.drawn)
        features = self.decoder(latent, framed)
        z = self._shaded(self.image(features), framed)
        m = self.mask(features).sigmoid()
        return _cut(z, size), _cut(m, size)

    def _shaded(
        self, drawn: Float[Tensor, "B 3 H W"], framed: Float[Tensor, "B L H1 W1"]
    ) -> Float[Tensor, "B 3 H W"]:
        """The image head's output in [0, 1]; with `colours`, it is a change of them."""
        if not self.colours:
            return (drawn.tanh() + 1) / 2
        flat = F.interpolate(framed[:, NUM_CHANNELS:], size=drawn.shape[2:], mode="nearest")
        return (drawn + torch.logit(flat.float().clamp(0.02, 0.98))).sigmoid()


def b2f_of(options: B2FOptions) -> Callable[[], B2F]:
    """A factory for the network of the options."""
    return partial(
        B2F,
        ARCHITECTURES[options.size],
        options.layout,
        options.encoder,
        options.colours,
        options.upsampling,
    )


def frame_size(size: tuple[int, int], drawn: tuple[int, int]) -> tuple[int, int]:
    """The smallest size with the decoder's aspect ratio that contains the canvas."""
    height = max(size[0], -(-size[1] * drawn[0] // drawn[1]))
    width = max(size[1], -(-size[0] * drawn[1] // drawn[0]))
    return height, width


def _framed(body: Float[Tensor, "B L H W"], drawn: tuple[int, int]) -> Float[Tensor, "B L H1 W1"]:
    """Pad the label map with background (channel 0)."""
    size = (body.shape[2], body.shape[3])
    height, width = frame_size(size, drawn)
    if (height, width) == size:
        return body
    above, left = (height - size[0]) // 2, (width - size[1]) // 2
    border = (left, width - size[1] - left, above, height - size[0] - above)
    framed = F.pad(body, border)
    inside = F.pad(body.new_ones(1, 1, *size), border)
    framed[:, :1] += 1 - inside
    return framed


def _cut(picture: Float[Tensor, "B C h w"], size: tuple[int, int]) -> Float[Tensor, "B C H W"]:
    """Crop the output to the canvas."""
    height, width = frame_size(size, (picture.shape[2], picture.shape[3]))
    if (height, width) != tuple(picture.shape[2:]):
        picture = F.interpolate(picture, size=(height, width), mode="bilinear")
    above, left = (height - size[0]) // 2, (width - size[1]) // 2
    return picture[..., above : above + size[0], left : left + size[1]]


def _encoder(name: EncoderName, architecture: B2FArchitecture) -> AppearanceEncoder:
    if name == "paper":
        return paper_encoder()
    if name == "vgg":
        return vgg_encoder(architecture.encoder_crop)
    return small_encoder(
        architecture.encoder_width, architecture.encoder_embedding, architecture.encoder_crop
    )
