"""DeepFill v2 (Yu et al. 2019): gated convolutions that learn which pixels are valid.

A coarse network fills the hole; a second one refines it in two branches, one of convolutions and
one with contextual attention (`attention`). Layers are as in the authors' program,
JiahuiYu/generative_inpainting, v2.0.0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor_plugins.inpainter.deepfill.attention import attended, shrunk

STRIDE = 8
"""Height and width must be multiples of this."""


@dataclass(frozen=True)
class LayerSpec:
    """One convolution.

    Attributes:
        name: name in the authors' program.
        port: name within its stage in the PyTorch port.
        channels: output channels of the convolution; a gate halves them.
        gate: the activation that is gated; `none` has no gate.
    """

    name: str
    port: str
    channels: int
    kernel: int = 3
    stride: int = 1
    dilation: int = 1
    enlarge: bool = False
    gate: Literal["elu", "relu", "none"] = "elu"


def _atrous(name: str, port: str, first: int) -> tuple[LayerSpec, ...]:
    return tuple(
        LayerSpec(f"{name}{7 + i}_atrous", f"{port}{first + i}", 192, dilation=2 ** (i + 1))
        for i in range(4)
    )


def _enlarging(name: str) -> tuple[LayerSpec, ...]:
    return (
        LayerSpec(f"{name}13_upsample", "up_block1.conv1_upsample", 96, enlarge=True),
        LayerSpec(f"{name}14", "up_block1.conv2", 96),
        LayerSpec(f"{name}15_upsample", "up_block2.conv1_upsample", 48, enlarge=True),
        LayerSpec(f"{name}16", "up_block2.conv2", 24),
        LayerSpec(f"{name}17", "conv_to_rgb", 3, gate="none"),
    )


COARSE = (
    LayerSpec("conv1", "conv1", 48, kernel=5),
    LayerSpec("conv2_downsample", "down_block1.conv1_downsample", 96, stride=2),
    LayerSpec("conv3", "down_block1.conv2", 96),
    LayerSpec("conv4_downsample", "down_block2.conv1_downsample", 192, stride=2),
    LayerSpec("conv5", "down_block2.conv2", 192),
    LayerSpec("conv6", "conv_bn1", 192),
    *_atrous("conv", "conv_bn", 2),
    LayerSpec("conv11", "conv_bn6", 192),
    LayerSpec("conv12", "conv_bn7", 192),
    *_enlarging("conv"),
)
PLAIN = (
    LayerSpec("xconv1", "b1_conv1", 48, kernel=5),
    LayerSpec("xconv2_downsample", "b1_down_block1.conv1_downsample", 48, stride=2),
    LayerSpec("xconv3", "b1_down_block1.conv2", 96),
    LayerSpec("xconv4_downsample", "b1_down_block2.conv1_downsample", 96, stride=2),
    LayerSpec("xconv5", "b1_down_block2.conv2", 192),
    LayerSpec("xconv6", "b1_conv_bn1", 192),
    *_atrous("xconv", "b1_conv_bn", 2),
)
LOOKING = (
    LayerSpec("pmconv1", "b2_conv1", 48, kernel=5),
    LayerSpec("pmconv2_downsample", "b2_down_block1.conv1_downsample", 48, stride=2),
    LayerSpec("pmconv3", "b2_down_block1.conv2", 96),
    LayerSpec("pmconv4_downsample", "b2_down_block2.conv1_downsample", 192, stride=2),
    LayerSpec("pmconv5", "b2_down_block2.conv2", 192),
    LayerSpec("pmconv6", "b2_conv_bn1", 192, gate="relu"),
)
ATTENDED = (LayerSpec("pmconv9", "b2_conv_bn4", 192), LayerSpec("pmconv10", "b2_conv_bn5", 192))
JOINED = (
    LayerSpec("allconv11", "conv_bn6", 192),
    LayerSpec("allconv12", "conv_bn7", 192),
    *_enlarging("allconv"),
)


class DeepFill(nn.Module):
    """Fills the holes of pictures.

    Args:
        tensorflow: use TensorFlow's conventions, for the authors' weights: strided convolutions
                pad at the end, and downsampling aligns corners.
    """

    def __init__(self, tensorflow: bool = True) -> None:
        super().__init__()
        self.tensorflow = tensorflow
        self.coarse = _chain(5, COARSE, tensorflow)
        self.plain = _chain(3, PLAIN, tensorflow)
        self.looking = _chain(3, LOOKING, tensorflow)
        self.attended = _chain(96, ATTENDED, tensorflow)
        self.joined = _chain(192, JOINED, tensorflow)

    def forward(
        self, pictures: Float[Tensor, "B 3 H W"], holes: Float[Tensor, "B 1 H W"]
    ) -> Float[Tensor, "B 3 H W"]:
        """Return complete pictures; only the parts in the holes are meaningful.

        Args:
            pictures: in [-1, 1]; pixels in the holes are ignored.
            holes: 1 in the holes, else 0. H and W must be multiples of 8.
        """
        known = pictures * (1 - holes)
        first = torch.tanh(self.coarse(torch.cat([known, torch.ones_like(holes), holes], 1)))
        pasted = first * holes + known
        looking = self.looking(pasted)
        small = shrunk(holes, 4, corners=self.tensorflow)
        rebuilt = torch.cat(
            [
                attended(one, hole, corners=self.tensorflow)
                for one, hole in zip(looking[:, None], small[:, None], strict=True)
            ]
        )
        both = torch.cat([self.plain(pasted), self.attended(rebuilt)], 1)
        return torch.tanh(self.joined(both))


class GatedConv(nn.Module):
    """x, g = conv(..); the output is activation(x) * sigmoid(g)."""

    def __init__(self, channels: int, layer: LayerSpec, tensorflow: bool) -> None:
        super().__init__()
        self.layer = layer
        self.pad_end = tensorflow and layer.stride == 2
        self.conv = nn.Conv2d(
            channels,
            layer.channels,
            layer.kernel,
            stride=layer.stride,
            dilation=layer.dilation,
            padding=0 if self.pad_end else layer.dilation * (layer.kernel - 1) // 2,
        )

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B D h w"]:
        if self.layer.enlarge:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        if self.pad_end:
            x = F.pad(x, (0, 1, 0, 1))
        out: Tensor = self.conv(x)
        if self.layer.gate == "none":
            return out
        value, gate = out.chunk(2, 1)
        active = F.elu(value) if self.layer.gate == "elu" else F.relu(value)
        return active * torch.sigmoid(gate)


def _chain(channels: int, layers: Sequence[LayerSpec], tensorflow: bool) -> nn.Sequential:
    given = [channels, *(layer.channels // 2 for layer in layers)]
    return nn.Sequential(
        *(GatedConv(size, layer, tensorflow) for size, layer in zip(given, layers, strict=False))
    )
