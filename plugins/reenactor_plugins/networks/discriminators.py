"""Multiscale patch discriminators (pix2pixHD, SPADE): the paper's five.

Two see P2B's parsings (Eqs. 10, 11), two B2F's pictures (Eqs. 13 to 15), one FR's faces. Each
returns a map of patch scores and its intermediate activations for feature matching.

pix2pixHD's `n_layers` 3 and SPADE's 4 (in its released code) are the same stack: convolutions of
64, 128, 256 and 512 channels, the last with stride 1, and one for the scores. They differ in the
norm and in the meaning of the scores, not in shape.
"""

from itertools import pairwise
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

DiscriminatorNorm = Literal["instance", "spectral-instance"]


class PatchDiscriminator(nn.Module):
    """4x4 convolutions with leaky ReLUs and norms, except for the first and last.

    Args:
        channels: channels of the input.
        width: channels of the first convolution, doubled by each further one up to 8 times.
        strided: number of convolutions with stride 2. One with stride 1 and the scores follow.
        norm: instance norm, with or without spectral norm.
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
    """D_1 sees the input at full size, D_2 at half size, and so on.

    A conditional discriminator gets the generator's input and output, concatenated along the
    channels.

    Args:
        channels: channels of the input, including the condition.
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
        """The activations of D_k for k = 1, 2, .., scores last."""
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
    """A convolution, without a bias if a norm follows."""
    conv: nn.Module = nn.Conv2d(before, after, 4, stride=stride, padding=2, bias=norm is None)
    if norm is None:
        return nn.Sequential(conv, nn.LeakyReLU(0.2))
    if norm == "spectral-instance":
        conv = spectral_norm(conv)
    return nn.Sequential(conv, nn.InstanceNorm2d(after), nn.LeakyReLU(0.2))
