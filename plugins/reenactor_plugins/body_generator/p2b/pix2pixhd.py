"""The global generator of pix2pixHD (Wang et al. 2018), with a choice of norms for each part.

The paper's P2B (section 3.1) is this network with batch norm in the encoder and instance norm in
the decoder. pix2pixHD itself has instance norm throughout.
"""

from collections import OrderedDict
from itertools import pairwise
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn

Norm = Literal["batch", "instance"]


def norm_of(kind: Norm, channels: int) -> nn.Module:
    """A norm layer. Batch norm is affine, instance norm is not (as in pix2pixHD)."""
    if kind == "batch":
        return nn.BatchNorm2d(channels)
    return nn.InstanceNorm2d(channels, affine=False)


class ResidualBlock(nn.Module):
    """x + conv(relu(conv(x))): 3x3 convolutions with reflection padding, each with a norm."""

    def __init__(self, channels: int, norm: Norm) -> None:
        super().__init__()
        self.pad = nn.ReflectionPad2d(1)
        self.relu = nn.ReLU()
        self.conv_0 = nn.Conv2d(channels, channels, 3)
        self.norm_0 = norm_of(norm, channels)
        self.conv_1 = nn.Conv2d(channels, channels, 3)
        self.norm_1 = norm_of(norm, channels)

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B C H W"]:
        inner = self.relu(self.norm_0(self.conv_0(self.pad(x))))
        change: Tensor = self.norm_1(self.conv_1(self.pad(inner)))
        return x + change


class GlobalGenerator(nn.Module):
    """Encoder, residual blocks and decoder; the last layer is linear.

    Height and width must be multiples of 2^downsamplings, and at least twice that (the residual
    blocks reflect a border of one).

    Args:
        channels_in: channels of the input.
        channels_out: channels of the output.
        width: channels at full resolution; each downsampling doubles them.
        downsamplings: strided convolutions of the encoder and transposed ones of the decoder.
        blocks: residual blocks in between (n_r).
        encoder, residual, decoder: the norm of each part.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        *,
        width: int = 64,
        downsamplings: int = 4,
        blocks: int = 9,
        encoder: Norm = "instance",
        residual: Norm = "instance",
        decoder: Norm = "instance",
    ) -> None:
        super().__init__()
        widths = [width * 2**step for step in range(downsamplings + 1)]
        self.multiple = 2**downsamplings

        self.stem = _stage(nn.Conv2d(channels_in, width, 7), encoder, width, pad=3)
        self.down = nn.Sequential(
            *(
                _stage(nn.Conv2d(fine, coarse, 3, stride=2, padding=1), encoder, coarse)
                for fine, coarse in pairwise(widths)
            )
        )
        self.residual = nn.Sequential(*(ResidualBlock(widths[-1], residual) for _ in range(blocks)))
        self.up = nn.Sequential(
            *(
                _stage(
                    nn.ConvTranspose2d(coarse, fine, 3, stride=2, padding=1, output_padding=1),
                    decoder,
                    fine,
                )
                for coarse, fine in pairwise(reversed(widths))
            )
        )
        self.head = nn.Sequential(
            OrderedDict(pad=nn.ReflectionPad2d(3), conv=nn.Conv2d(width, channels_out, 7))
        )

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B D H W"]:
        latent = self.residual(self.down(self.stem(x)))
        out: Tensor = self.head(self.up(latent))
        return out


def _stage(conv: nn.Module, norm: Norm, channels: int, pad: int = 0) -> nn.Sequential:
    """A convolution, its norm and a ReLU."""
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    if pad:
        parts["pad"] = nn.ReflectionPad2d(pad)
    parts.update(conv=conv, norm=norm_of(norm, channels), relu=nn.ReLU())
    return nn.Sequential(parts)
