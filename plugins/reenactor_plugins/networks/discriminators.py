"""Patch discriminators at several scales (pix2pixHD, SPADE): the paper's five.

Two judge P2B's parsings (Eqs. 10, 11), two B2F's pictures (Eqs. 13 to 15), one FR's faces. Each
gives a map of scores, one for each patch it sees, and the activations below it for feature
matching.

pix2pixHD's `n_layers` 3 and SPADE's 4 (in its released code) are the same stack: convolutions of
64, 128, 256 and 512 channels, the last of stride 1, and one that gives the scores. They differ
in the norm and in what the scores mean, not in shape.
"""

from itertools import pairwise
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

DiscriminatorNorm = Literal["instance", "spectral-instance"]


class PatchDiscriminator(nn.Module):
    """4x4 convolutions with leaky ReLUs; every one but the first and last is normalised.

    Args:
        channels: of what is judged.
        width: of the first convolution; each further one doubles it, up to 8 times.
        strided: how many halve the resolution. One of stride 1 follows, then the scores.
        norm: instance norm, alone or with spectrally normalised weights.
    """

    def __init__(
        self, channels: int, *, width: int = 64, strided: int = 3, norm: DiscriminatorNorm
    ) -> None:
        super().__init__()
        widths = [min(width * 2**step, width * 8) for step in range(strided + 1)]
        layers = [_layer(channels, width, 2, None)]
        for step, (before, after) in enumerate(pairwise(widths), start=1):
            layers.append(_layer(before, after, 2 if step < strided else 1, norm))
        self.layers = nn.ModuleList(layers)
        self.scores = nn.Conv2d(widths[-1], 1, 4, padding=2)

    def forward(self, x: Float[Tensor, "B C H W"]) -> list[Tensor]:
        """D^(1)(x) .. D^(M)(x), then the scores `(B, 1, h, w)`."""
        activations = []
        for layer in self.layers:
            x = layer(x)
            activations.append(x)
        return [*activations, self.scores(x)]


class MultiscaleDiscriminator(nn.Module):
    """D_1 sees the input as it is, D_2 at half its size, and so on.

    A conditional discriminator is given what the generator was given beside what it made,
    concatenated along the channels.

    Args:
        channels: of what is judged, the condition included.
        scales: number of discriminators.
        width, strided, norm: see `PatchDiscriminator`.
    """

    def __init__(
        self,
        channels: int,
        *,
        scales: int = 2,
        width: int = 64,
        strided: int = 3,
        norm: DiscriminatorNorm,
    ) -> None:
        super().__init__()
        self.scales = nn.ModuleList(
            PatchDiscriminator(channels, width=width, strided=strided, norm=norm)
            for _ in range(scales)
        )

    def forward(self, x: Float[Tensor, "B C H W"]) -> list[list[Tensor]]:
        """For k = 1, 2, ..: the activations of D_k, its scores last."""
        judged = []
        for k, discriminator in enumerate(self.scales):
            if k:
                x = F.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False)
            judged.append(discriminator(x))
        return judged


def p2b_discriminators(channels: int, width: int = 64) -> MultiscaleDiscriminator:
    """D_1 and D_2 of Eqs. 9 to 11, as in pix2pixHD: instance norm, for least squares."""
    return MultiscaleDiscriminator(channels, scales=2, width=width, norm="instance")


def b2f_discriminators(channels: int, width: int = 64) -> MultiscaleDiscriminator:
    """D_1 and D_2 of Eqs. 13 to 15, as in SPADE: spectral and instance norm, for the hinge."""
    return MultiscaleDiscriminator(channels, scales=2, width=width, norm="spectral-instance")


def fr_discriminator(channels: int = 3, width: int = 64) -> MultiscaleDiscriminator:
    """The fifth discriminator: one scale, instance norm, for least squares."""
    return MultiscaleDiscriminator(channels, scales=1, width=width, norm="instance")


def _layer(before: int, after: int, stride: int, norm: DiscriminatorNorm | None) -> nn.Sequential:
    """A convolution without a bias where a norm would take it away again."""
    conv: nn.Module = nn.Conv2d(before, after, 4, stride=stride, padding=2, bias=norm is None)
    if norm is None:
        return nn.Sequential(conv, nn.LeakyReLU(0.2))
    if norm == "spectral-instance":
        conv = spectral_norm(conv)
    return nn.Sequential(conv, nn.InstanceNorm2d(after), nn.LeakyReLU(0.2))
