"""Spatially adaptive normalisation and its decoder (SPADE, Park et al. 2019).

A label map enters each block: features are normalised, then scaled and shifted per pixel by two
small convolutions of the label map.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

Norm = Literal["batch", "instance"]
Upsampling = Literal["nearest", "bilinear"]

SLOPE = 0.2
"""Slope of every leaky ReLU."""


class SpadeNorm(nn.Module):
    """SPADE(x, s) = norm(x) * (1 + gamma(s)) + beta(s).

    Args:
        channels: channels of the features x.
        labels: channels of the label map s.
        hidden: channels between the label map and gamma, beta.
        norm: the parameter-free norm. `batch` uses running statistics at inference, so that a
                picture does not depend on its batch.
    """

    def __init__(self, channels: int, labels: int, hidden: int, norm: Norm) -> None:
        super().__init__()
        self.norm: nn.Module = (
            nn.BatchNorm2d(channels, affine=False)
            if norm == "batch"
            else nn.InstanceNorm2d(channels, affine=False)
        )
        self.shared = nn.Conv2d(labels, hidden, 3, padding=1)
        self.gamma = nn.Conv2d(hidden, channels, 3, padding=1)
        self.beta = nn.Conv2d(hidden, channels, 3, padding=1)

    def forward(
        self, x: Float[Tensor, "B C H W"], labels: Float[Tensor, "B L H W"]
    ) -> Float[Tensor, "B C H W"]:
        return self.modulated(self.norm(x), labels)

    def modulated(
        self, normal: Float[Tensor, "B C H W"], labels: Float[Tensor, "B L H W"]
    ) -> Float[Tensor, "B C H W"]:
        """normal * (1 + gamma(s)) + beta(s) with as few memory passes as possible, which dominate
        the time on a CPU at full resolution."""
        read = F.relu(self.shared(labels), inplace=True)
        one_and_gamma = F.conv2d(read, self.gamma.weight, _raised(self.gamma.bias), padding=1)
        return torch.mul(normal, one_and_gamma).add_(self.beta(read))


class SpadeBlock(nn.Module):
    """A residual block: twice norm, leaky ReLU and convolution.

    The shortcut is learned if the number of channels changes."""

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        labels: int,
        *,
        hidden: int,
        norm: Norm,
        spectral: bool,
    ) -> None:
        super().__init__()
        middle = min(channels_in, channels_out)
        wrap = spectral_norm if spectral else _as_it_is
        self.norm_0 = SpadeNorm(channels_in, labels, hidden, norm)
        self.conv_0 = wrap(nn.Conv2d(channels_in, middle, 3, padding=1))
        self.norm_1 = SpadeNorm(middle, labels, hidden, norm)
        self.conv_1 = wrap(nn.Conv2d(middle, channels_out, 3, padding=1))
        self.learned_shortcut = channels_in != channels_out
        if self.learned_shortcut:
            self.norm_s = SpadeNorm(channels_in, labels, hidden, norm)
            self.conv_s = wrap(nn.Conv2d(channels_in, channels_out, 1, bias=False))

    def forward(
        self, x: Float[Tensor, "B C H W"], labels: Float[Tensor, "B L H0 W0"]
    ) -> Float[Tensor, "B D H W"]:
        here = labels
        if labels.shape[2:] != x.shape[2:]:
            here = F.interpolate(labels, size=x.shape[2:], mode="nearest")
        normal = self.norm_0.norm(x)
        shortcut = x
        if self.learned_shortcut:
            self._follow(self.norm_0.norm, self.norm_s.norm)
            shortcut = self.conv_s(self.norm_s.modulated(normal, here))
        inner = self.conv_0(F.leaky_relu(self.norm_0.modulated(normal, here), SLOPE, inplace=True))
        change: Tensor = self.conv_1(F.leaky_relu(self.norm_1(inner, here), SLOPE, inplace=True))
        return shortcut + change

    @torch.no_grad()
    def _follow(self, norm: nn.Module, other: nn.Module) -> None:
        """Copy running statistics between norms with the same input: they are computed once, but
        stored twice as in SPADE's checkpoints."""
        if self.training:
            for one, same in zip(norm.buffers(), other.buffers(), strict=True):
                same.copy_(one)


class SpadeDecoder(nn.Module):
    """SPADE blocks with upsampling by 2 between them.

    SPADE's generator from its first block on: a head and two middle blocks as wide as the latent,
    then one block for each of `widths`. Resolution grows by 2^(len(widths) + 2): with five widths
    this is SPADE's `most` (seven upsamplings), with four its `more` (six).

    Args:
        latent: channels of the latent.
        widths: channels of the blocks after the middle.
        labels: channels of the label map.
        hidden: see `SpadeNorm`.
        norm: see `SpadeNorm`.
        spectral: divide each convolution's weight by its largest singular value.
        upsampling: the upsampling mode. SPADE's `nearest` turns slopes into steps, which a small
            network renders as a grid of lines 2, 4, 8 .. pixels apart on large areas of a label.
                `bilinear` keeps slopes.
    """

    def __init__(
        self,
        latent: int,
        widths: Sequence[int],
        labels: int,
        *,
        hidden: int = 128,
        norm: Norm = "batch",
        spectral: bool = True,
        upsampling: Upsampling = "nearest",
    ) -> None:
        super().__init__()
        self.upsampling: Upsampling = upsampling
        channels = [latent, latent, latent, *widths]
        self.blocks = nn.ModuleList(
            SpadeBlock(before, after, labels, hidden=hidden, norm=norm, spectral=spectral)
            for before, after in pairwise([latent, *channels])
        )
        self.scale = 2 ** (len(channels) - 1)

    def forward(
        self, latent: Float[Tensor, "B C h w"], labels: Float[Tensor, "B L H0 W0"]
    ) -> Float[Tensor, "B D H W"]:
        """Features at `scale` times the latent's size, labels of any size, leaky ReLU applied."""
        head, *rest = self.blocks
        x: Tensor = head(latent, labels)
        for block in rest:
            x = block(F.interpolate(x, scale_factor=2, mode=self.upsampling), labels)
        return F.leaky_relu(x, SLOPE)


def _raised(bias: Tensor | None) -> Tensor:
    """Add 1 to the bias, so that the convolution gives 1 + gamma at no cost."""
    if bias is None:
        raise TypeError("gamma's convolution needs a bias")
    return bias + 1


def _as_it_is(conv: nn.Conv2d) -> nn.Module:
    return conv
