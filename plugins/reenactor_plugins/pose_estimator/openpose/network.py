"""OpenPose's networks, layer by layer (Cao et al. 2018; Simon et al. 2017 for hands and faces).

All begin with the first layers of VGG-19 and refine their maps in stages that see the features
and the maps before. Layers bear the names of the authors' Caffe files, by which every PyTorch
conversion of those can be read.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor_plugins.pose_estimator.openpose.layout import BODY_25, COCO, KeypointLayout

STRIDE = 8
"""Pixels of the input for one of a map."""

Maps = tuple[Float[Tensor, "B M h w"], Float[Tensor, "B F h w"]]
"""Heat maps (the background's last) and part affinity fields."""

_VGG = (
    ("conv1_1", 64), ("conv1_2", 64), ("pool1", 0), ("conv2_1", 128), ("conv2_2", 128),
    ("pool2", 0), ("conv3_1", 256), ("conv3_2", 256), ("conv3_3", 256), ("conv3_4", 256),
    ("pool3", 0), ("conv4_1", 512), ("conv4_2", 512),
)  # fmt: skip
_BODY = (*_VGG, ("conv4_3_CPM", 256), ("conv4_4_CPM", 128))
_CPM = (
    *_VGG, ("conv4_3", 512), ("conv4_4", 512), ("conv5_1", 512), ("conv5_2", 512),
    ("conv5_3_CPM", 128),
)  # fmt: skip
FEATURES = 128
"""Channels of what every stage sees."""


class Body25(nn.Module):
    """25 points: the fields in four stages, then the heat maps in two.

    A stage is five blocks of three 3x3 convolutions, whose results are laid side by side.
    """

    layout: KeypointLayout = BODY_25

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict()
        _front(self.layers, _BODY)
        for name, channels in (("4_2", 512), ("4_3_CPM", 256), ("4_4_CPM", 128)):
            self.layers[f"prelu{name}"] = nn.PReLU(channels)
        maps, fields = self.layout.points + 1, self.layout.fields
        for step in range(4):
            self._stage(f"stage{step}_L2", FEATURES + (fields if step else 0), fields, step > 0)
        self._stage("stage0_L1", FEATURES + fields, maps, wide=False)
        self._stage("stage1_L1", FEATURES + maps + fields, maps, wide=True)

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Maps:
        """Args:
        pictures: BGR in [-0.5, 0.5], H and W multiples of 8.
        """
        features = _through(self.layers, _BODY, pictures)
        fields = self._refined("stage0_L2", features)
        for step in range(1, 4):
            fields = self._refined(f"stage{step}_L2", torch.cat([features, fields], 1))
        maps = self._refined("stage0_L1", torch.cat([features, fields], 1))
        maps = self._refined("stage1_L1", torch.cat([features, maps, fields], 1))
        return maps, fields

    def _stage(self, name: str, given: int, out: int, wide: bool) -> None:
        width, inner = (128, 512) if wide else (96, 256)
        for block in range(1, 6):
            for step, channels in enumerate((given if block == 1 else 3 * width, width, width)):
                self.layers[f"Mconv{block}_{name}_{step}"] = nn.Conv2d(
                    channels, width, 3, padding=1
                )
                self.layers[f"Mprelu{block}_{name}_{step}"] = nn.PReLU(width)
        self.layers[f"Mconv6_{name}"] = nn.Conv2d(3 * width, inner, 1)
        self.layers[f"Mprelu6_{name}"] = nn.PReLU(inner)
        self.layers[f"Mconv7_{name}"] = nn.Conv2d(inner, out, 1)

    def _refined(self, name: str, x: Float[Tensor, "B C h w"]) -> Float[Tensor, "B D h w"]:
        for block in range(1, 6):
            results = []
            for step in range(3):
                x = self.layers[f"Mconv{block}_{name}_{step}"](x)
                x = self.layers[f"Mprelu{block}_{name}_{step}"](x)
                results.append(x)
            x = torch.cat(results, 1)
        x = self.layers[f"Mprelu6_{name}"](self.layers[f"Mconv6_{name}"](x))
        out: Tensor = self.layers[f"Mconv7_{name}"](x)
        return out


class Coco(nn.Module):
    """18 points: fields and heat maps side by side in six stages."""

    layout: KeypointLayout = COCO

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict()
        _front(self.layers, _BODY)
        maps, fields = self.layout.points + 1, self.layout.fields
        for branch, out in (("L1", fields), ("L2", maps)):
            _chain(self.layers, _coco_first(branch, out), FEATURES)
            for step in range(2, 7):
                _chain(self.layers, _later(f"stage{step}_{branch}", out), FEATURES + maps + fields)

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Maps:
        """As `Body25.forward`."""
        features = _through(self.layers, _BODY, pictures)
        names = [_coco_first(branch, 0) for branch in ("L1", "L2")]
        fields, maps = (_run(self.layers, list(chain), features) for chain in names)
        for step in range(2, 7):
            both = torch.cat([fields, maps, features], 1)
            fields, maps = (
                _run(self.layers, list(_later(f"stage{step}_{branch}", 0)), both)
                for branch in ("L1", "L2")
            )
        return maps, fields


class PointMaps(nn.Module):
    """One hand (21 points) or face (70): heat maps in six stages, the background's last."""

    def __init__(self, points: int) -> None:
        super().__init__()
        self.layers = nn.ModuleDict()
        _front(self.layers, _CPM)
        _chain(self.layers, _cpm_first(points + 1), FEATURES)
        for step in range(2, 7):
            _chain(self.layers, _later(f"stage{step}", points + 1), FEATURES + points + 1)

    def forward(self, pictures: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B M h w"]:
        """Args:
        pictures: BGR in [-0.5, 0.5], H and W multiples of 8.
        """
        features = _through(self.layers, _CPM, pictures)
        maps = _run(self.layers, list(_cpm_first(0)), features)
        for step in range(2, 7):
            both = torch.cat([maps, features], 1)
            maps = _run(self.layers, list(_later(f"stage{step}", 0)), both)
        return maps


def by_caffe_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors of any conversion whose keys end in a Caffe name, `conv1_1.weight`, by our names.

    So are `model0.conv1_1.weight` and `models.Mconv1_stage0_L2.0.Mconv1_stage0_L2_0.weight`.
    """
    return {"layers." + ".".join(key.split(".")[-2:]): value for key, value in tensors.items()}


def _coco_first(branch: str, out: int) -> dict[str, tuple[int, int]]:
    """Names of the first stage's layers, their channels and kernels."""
    first = {f"conv5_{n}_CPM_{branch}": (128, 3) for n in (1, 2, 3)}
    return {**first, f"conv5_4_CPM_{branch}": (512, 1), f"conv5_5_CPM_{branch}": (out, 1)}


def _cpm_first(out: int) -> dict[str, tuple[int, int]]:
    return {"conv6_1_CPM": (512, 1), "conv6_2_CPM": (out, 1)}


def _later(stage: str, out: int) -> dict[str, tuple[int, int]]:
    """The same of every other stage."""
    first = {f"Mconv{n}_{stage}": (128, 7) for n in range(1, 6)}
    return {**first, f"Mconv6_{stage}": (128, 1), f"Mconv7_{stage}": (out, 1)}


def _chain(layers: nn.ModuleDict, chain: Mapping[str, tuple[int, int]], given: int) -> None:
    for name, (out, kernel) in chain.items():
        layers[name] = nn.Conv2d(given, out, kernel, padding=kernel // 2)
        given = out


def _run(layers: nn.ModuleDict, names: list[str], x: Tensor) -> Tensor:
    """A ReLU after each but the last."""
    for name in names[:-1]:
        x = F.relu(layers[name](x))
    out: Tensor = layers[names[-1]](x)
    return out


def _front(layers: nn.ModuleDict, steps: tuple[tuple[str, int], ...]) -> None:
    given = 3
    for name, channels in steps:
        if channels:
            layers[name] = nn.Conv2d(given, channels, 3, padding=1)
            given = channels


def _through(layers: nn.ModuleDict, steps: tuple[tuple[str, int], ...], x: Tensor) -> Tensor:
    """A PReLU where the network has one of the layer's name, else a ReLU."""
    for name, channels in steps:
        if not channels:
            x = F.max_pool2d(x, 2)
            continue
        prelu = name.replace("conv", "prelu")
        x = layers[name](x)
        x = layers[prelu](x) if prelu in layers else F.relu(x)
    return x
