"""DensePose R-CNN's part that reads a person's surface (Güler et al. 2018; Wu et al. 2019).

The modules are named as detectron2's project DensePose names them, so that its checkpoints fit as
they are. What finds people there, the proposals and the box head, is not needed: the place of
the person is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor.errors import WeightsError
from reenactor_plugins.pose_estimator.densepose.backbone import CHANNELS, FPN, LEVELS, Pyramid

Pooled = Literal[14, 28]
"""Pixels in which a box is read from the features: detectron2's POOLER_RESOLUTION."""
LEGACY_COARSE = 15
"""Coarse classes of the `_legacy` networks."""
SAMPLES = 2
"""Readings along each side of such a pixel."""
PATCHES = 25
"""The background and 24 parts."""
LAYERS = 8
"""Of the head."""

DETECTION = ("proposal_generator.", "roi_heads.box_head.", "roi_heads.box_predictor.")
"""Keys of what finds people, and is not needed."""
CONFIDENCE = ("sigma_1_lowres.", "sigma_2_lowres.", "kappa_u_lowres.", "kappa_v_lowres.")
"""Parts of keys of what says how sure U and V are, and is not needed."""


@dataclass(frozen=True)
class DensePoseArchitecture:
    """Which of the public networks it is.

    Attributes:
        depth: of the ResNet, 50 or 101.
        deeplab: whether the head is DeepLab's, not a plain row of convolutions.
        coarse: classes of the coarse segmentation: 2, or 15 in older networks.
        decoder: whether the levels of the pyramid are merged before a box is read.
        width: channels of the head; all public ones have 512.
        pooled: pixels in which a box is read from the features.
    """

    depth: int = 50
    deeplab: bool = False
    coarse: int = 2
    decoder: bool = True
    width: int = 512
    pooled: Pooled = 28


@dataclass(frozen=True)
class DensePoseCharts:
    """What the network says of the inside of each box."""

    coarse: Float[Tensor, "N K S S"]
    fine: Float[Tensor, "N 25 S S"]
    u: Float[Tensor, "N 25 S S"]
    v: Float[Tensor, "N 25 S S"]


class DensePose(nn.Module):
    """Pictures and a box in each, to charts of that box."""

    def __init__(self, architecture: DensePoseArchitecture) -> None:
        super().__init__()
        self.architecture = architecture
        self.backbone = FPN(architecture.depth)
        head = (
            DeepLabHead(architecture.width)
            if architecture.deeplab
            else PlainHead(architecture.width)
        )
        parts: dict[str, nn.Module] = {"decoder": Decoder()} if architecture.decoder else {}
        parts |= {"densepose_head": head, "densepose_predictor": Predictor(architecture)}
        self.roi_heads = nn.ModuleDict(parts)

    def forward(
        self, pictures: Float[Tensor, "N 3 H W"], boxes: Float[Tensor, "N 4"]
    ) -> DensePoseCharts:
        """Args:
        pictures: BGR in 0..255 less the mean, H and W multiples of 32.
        boxes: x0, y0, x1, y1 in pixels of the pictures, whose left and upper edge is at 0.
        """
        levels = self.backbone(pictures)
        if self.architecture.decoder:
            pooled = pool(self.roi_heads["decoder"](levels), boxes / 4, self.architecture.pooled)
        else:
            pooled = _pool_by_size(levels, boxes, self.architecture.pooled)
        charts: DensePoseCharts = self.roi_heads["densepose_predictor"](
            self.roi_heads["densepose_head"](pooled)
        )
        return charts


class Decoder(nn.ModuleDict):
    """All levels at the resolution of the lowest, added up (Kirillov et al. 2019)."""

    def __init__(self) -> None:
        super().__init__()
        for level in LEVELS:
            steps: list[nn.Module] = []
            for _ in range(max(1, level - 2)):
                steps += [_Conv(CHANNELS, CHANNELS)]
                if level > 2:
                    steps += [nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)]
            self[f"p{level}"] = nn.Sequential(*steps)
        self["predictor"] = nn.Conv2d(CHANNELS, CHANNELS, 1)

    def forward(self, levels: Pyramid) -> Float[Tensor, "N 256 h w"]:
        merged = [self[f"p{level}"](x) for level, x in zip(LEVELS, levels, strict=True)]
        out: Tensor = self["predictor"](torch.stack(merged).sum(0))
        return out


class PlainHead(nn.Module):
    """Eight convolutions."""

    def __init__(self, width: int) -> None:
        super().__init__()
        for step in range(LAYERS):
            given = width if step else CHANNELS
            self.add_module(f"body_conv_fcn{step + 1}", _Conv(given, width))

    def forward(self, x: Float[Tensor, "N 256 s s"]) -> Float[Tensor, "N D s s"]:
        for step in range(LAYERS):
            x = self.get_submodule(f"body_conv_fcn{step + 1}")(x)
        return x


class DeepLabHead(nn.Module):
    """Convolutions of several reaches side by side (Chen et al. 2017), then eight in a row."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ASPP = ASPP()
        for step in range(LAYERS):
            given = width if step else CHANNELS
            self.add_module(f"body_conv_fcn{step + 1}", _GroupConv(given, width))

    def forward(self, x: Float[Tensor, "N 256 s s"]) -> Float[Tensor, "N D s s"]:
        x = self.ASPP(x)
        for step in range(LAYERS):
            x = self.get_submodule(f"body_conv_fcn{step + 1}")(x)
        return x


class ASPP(nn.Module):
    """A pixel alone, three dilations, and the whole box."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            [
                _grouped(1, 1),
                *(_grouped(3, reach) for reach in (6, 12, 56)),
                nn.Sequential(nn.AdaptiveAvgPool2d(1), *_grouped(1, 1)),
            ]
        )
        self.project = nn.Sequential(nn.Conv2d(5 * CHANNELS, CHANNELS, 1, bias=False))

    def forward(self, x: Float[Tensor, "N 256 s s"]) -> Float[Tensor, "N 256 s s"]:
        seen = [branch(x).expand(-1, -1, *x.shape[2:]) for branch in self.convs]
        return F.relu(self.project(torch.cat(seen, 1)))


class Predictor(nn.ModuleDict):
    """Coarse and fine classes, U and V, at four times the resolution."""

    def __init__(self, architecture: DensePoseArchitecture) -> None:
        super().__init__()
        for name, out in (
            ("ann_index_lowres", architecture.coarse),
            ("index_uv_lowres", PATCHES),
            ("u_lowres", PATCHES),
            ("v_lowres", PATCHES),
        ):
            self[name] = nn.ConvTranspose2d(architecture.width, out, 4, stride=2, padding=1)

    def forward(self, x: Float[Tensor, "N D s s"]) -> DensePoseCharts:
        return DensePoseCharts(
            *(F.interpolate(layer(x), scale_factor=2, mode="bilinear") for layer in self.values())
        )


def pool(
    features: Float[Tensor, "N C h w"], boxes: Float[Tensor, "N 4"], side: int
) -> Float[Tensor, "N C {side} {side}"]:
    """The features in boxes, each pixel the mean of 2 x 2 readings between their pixels.

    Boxes are in pixels of the features and read as the networks learnt it: half a pixel lower
    and to the right of where they are.
    """
    height, width = features.shape[2:]
    low, size = boxes[:, :2], (boxes[:, 2:] - boxes[:, :2]).clamp(min=1)
    count = side * SAMPLES
    step = (torch.arange(count, dtype=boxes.dtype, device=boxes.device) + 0.5) / count
    x = low[:, :1] + step * size[:, :1]
    y = low[:, 1:] + step * size[:, 1:]
    # grid_sample counts from -1 at the first pixel's middle to 1 at the last one's.
    at = torch.stack(
        [
            (2 * x / max(1, width - 1) - 1)[:, None].expand(-1, count, -1),
            (2 * y / max(1, height - 1) - 1)[:, :, None].expand(-1, -1, count),
        ],
        -1,
    )
    read = F.grid_sample(features, at.to(features.dtype), padding_mode="border", align_corners=True)
    return F.avg_pool2d(read, SAMPLES)


def _pool_by_size(
    levels: Pyramid, boxes: Float[Tensor, "N 4"], side: int
) -> Float[Tensor, "N 256 {side} {side}"]:
    """Without a decoder: from the level that suits the box, 4 for one of 224 x 224."""
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1).sqrt()
    wanted = (4 + torch.log2(area / 224 + 1e-8)).floor().clamp(LEVELS[0], LEVELS[-1]).long()
    out = [
        pool(levels[level - LEVELS[0]][n : n + 1], boxes[n : n + 1] / 2**level, side)
        for n, level in enumerate(wanted.tolist())
    ]
    return torch.cat(out)


def architecture_of(
    tensors: Mapping[str, Tensor], pooled: Pooled | None = None
) -> DensePoseArchitecture:
    """Which network a checkpoint's tensors are of.

    Args:
        tensors: of a public checkpoint.
        pooled: the resolution of the pooler where the user says it. No tensor depends on it, but
            every public network with a decoder has 28, and those without one that have 15 coarse
            classes (`_legacy`) have 14.

    Raises:
        WeightsError: the resolution is neither given nor known.
    """
    bias = tensors.get("roi_heads.densepose_predictor.ann_index_lowres.bias")
    coarse = bias.shape[0] if bias is not None and bias.ndim == 1 else 0
    decoder = "roi_heads.decoder.predictor.weight" in tensors
    if pooled is None and coarse and not decoder and coarse != LEGACY_COARSE:
        raise WeightsError(
            "the resolution of densepose's pooler cannot be told from the weights",
            given=f"a network without a decoder, with {coarse} coarse classes",
            expected="`pooler_resolution: 14` or `28`",
            advice="set it to MODEL.ROI_DENSEPOSE_HEAD.POOLER_RESOLUTION of the config that the "
            "network was trained with",
        )
    return DensePoseArchitecture(
        depth=101 if "backbone.bottom_up.res4.22.conv1.weight" in tensors else 50,
        deeplab="roi_heads.densepose_head.ASPP.project.0.weight" in tensors,
        coarse=coarse or 2,
        decoder=decoder,
        pooled=pooled or (14 if coarse == LEGACY_COARSE and not decoder else 28),
    )


def needed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A public checkpoint's tensors without those that find people or tell how sure U and V are."""
    return {
        key: value
        for key, value in tensors.items()
        if not key.startswith(DETECTION)
        and not any(part in key for part in CONFIDENCE)
        and key not in ("pixel_mean", "pixel_std")
    }


class _Conv(nn.Conv2d):
    """3x3 and a ReLU."""

    def __init__(self, given: int, out: int) -> None:
        super().__init__(given, out, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(super().forward(x))


class _GroupConv(nn.Conv2d):
    """3x3, a group norm named within it, and a ReLU."""

    def __init__(self, given: int, out: int) -> None:
        super().__init__(given, out, 3, padding=1, bias=False)
        self.norm = nn.GroupNorm(32, out)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(super().forward(x)))


def _grouped(kernel: int, reach: int) -> nn.Sequential:
    conv = nn.Conv2d(
        CHANNELS, CHANNELS, kernel, padding=reach * (kernel // 2), dilation=reach, bias=False
    )
    return nn.Sequential(conv, nn.GroupNorm(32, CHANNELS), nn.ReLU())
