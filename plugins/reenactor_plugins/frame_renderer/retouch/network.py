"""The network: predicts corrected colours and a mask of where to use them."""

from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor.labels import NUM_LABELS

CHANNELS = 3 + 1 + 3 + NUM_LABELS
"""Input channels: the picture, its mask, the mean colours of classes, the classes."""
WIDTHS = {"small": (20, 40, 64, 96, 96), "tiny": (4, 4, 8)}
"""Channels at each level, from full resolution down."""
CAUTION = -2.0
"""Initial logit of the mask: the puppet's picture is mostly right."""


@dataclass(frozen=True)
class Retouched:
    """Colours c in [0, 1], and the mask m of where they replace the picture."""

    colour: Float[Tensor, "B 3 H W"]
    mask: Float[Tensor, "B 1 H W"]

    def over(self, picture: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
        """Blend the colours over the picture."""
        return picture + (self.colour - picture) * self.mask


class Retouch(nn.Module):
    """A U-Net (Ronneberger et al., 2015) with two convolutions at each level.

    It has no norms, so that colours are preserved. Sides must be multiples of `multiple`.
    """

    def __init__(self, size: str) -> None:
        super().__init__()
        widths = WIDTHS[size]
        self.multiple = 2 ** (len(widths) - 1)
        self.down = nn.ModuleList(
            _pair(before, width) for before, width in zip((CHANNELS, *widths), widths, strict=False)
        )
        self.up = nn.ModuleList(_pair(low + high, high) for high, low in pairwise(widths))
        self.out = nn.Conv2d(widths[0], 4, 3, padding=1)
        for parameter in self.out.parameters():
            nn.init.zeros_(parameter)

    def forward(self, given: Float[Tensor, "B C H W"]) -> Retouched:
        """Args: the output of `given_of`."""
        x, levels = given, []
        for index, block in enumerate(self.down):
            x = block(F.avg_pool2d(x, 2) if index else x)
            levels.append(x)
        for block, level in zip(reversed(self.up), reversed(levels[:-1]), strict=True):
            x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
            x = block(torch.cat([x, level], 1))
        out = self.out(x).float()
        flat = given[:, 4:7].float()
        return Retouched((flat + out[:, :3]).clamp(0, 1), torch.sigmoid(out[:, 3:] + CAUTION))


def given_of(
    rgba: Float[Tensor, "B 4 H W"],
    flat: Float[Tensor, "B 3 H W"],
    labels: UInt8[Tensor, "B H W"],
) -> Float[Tensor, "B C H W"]:
    """Assemble the network's input.

    Args:
        rgba: the puppet's picture, premultiplied, 0..1.
        flat: the photo's mean colour of each pixel's class, 0..1.
        labels: the parsing.
    """
    classes = torch.arange(NUM_LABELS, dtype=torch.uint8, device=labels.device)
    body = (labels[..., None] == classes).to(rgba.dtype).permute(0, 3, 1, 2)
    return torch.cat([completed(rgba, flat), rgba[:, 3:], flat, body], 1)


def completed(
    rgba: Float[Tensor, "B 4 H W"], flat: Float[Tensor, "B 3 H W"]
) -> Float[Tensor, "B 3 H W"]:
    """Composite the puppet's picture over the flat colours, which fills holes."""
    return rgba[:, :3] + flat * (1 - rgba[:, 3:])


def _pair(before: int, width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, width, 3, padding=1),
        nn.LeakyReLU(0.1, inplace=True),
        nn.Conv2d(width, width, 3, padding=1),
        nn.LeakyReLU(0.1, inplace=True),
    )
