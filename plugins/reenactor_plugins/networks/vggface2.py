"""VGGFace2's ResNet-50 (Cao et al. 2018), like its authors' Caffe network.

It differs from torchvision's ResNet-50: the stride of a stage is in the first 1x1 convolution
(not in the 3x3), and max pooling has no padding and rounds up. Module names are those of the
public PyTorch conversion, so its checkpoints load unchanged.
"""

from collections.abc import Mapping
from functools import partial

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor_plugins.networks.checkpoint import load_backbone

SIZE = 224
"""Side of a face crop in pixels."""
EMBEDDING = 2048
"""Length of VGGFace(c), the penultimate layer."""
MEAN_BGR = (91.4953, 103.8827, 131.0912)
"""Mean of the training pictures, in 0..255. There is no division by a standard deviation."""

FEATURE_SIZES = (112, 56, 28, 14, 7, 1)
"""Spatial sizes of the features. Eq. 18 uses all but 14."""

FeaturesBySize = Mapping[int, Tensor]
"""Features by their spatial size, for an input of 224."""


class VGGFace2(nn.Module):
    """Maps faces (RGB in [0, 1], 224 x 224) to embeddings of length 2048."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = _stage(64, 64, blocks=3, stride=1)
        self.layer2 = _stage(256, 128, blocks=4, stride=2)
        self.layer3 = _stage(512, 256, blocks=6, stride=2)
        self.layer4 = _stage(1024, 512, blocks=3, stride=2)

    def forward(self, faces: Float[Tensor, "B 3 224 224"]) -> Float[Tensor, "B 2048"]:
        """VGGFace(c): the activations of the penultimate layer, 1x1."""
        return self.features(faces)[1].flatten(1)

    def features(self, faces: Float[Tensor, "B 3 224 224"]) -> FeaturesBySize:
        """VGGFace_j(c) of Eq. 18 for each size j of `FEATURE_SIZES`."""
        features = {112: F.relu(self.bn1(self.conv1(normalised(faces))))}
        features[56] = self.layer1(F.max_pool2d(features[112], 3, stride=2, ceil_mode=True))
        features[28] = self.layer2(features[56])
        features[14] = self.layer3(features[28])
        features[7] = self.layer4(features[14])
        features[1] = F.adaptive_avg_pool2d(features[7], 1)
        return features


def normalised(faces: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
    """Convert RGB in [0, 1] to the network's input: BGR in 0..255 minus the mean."""
    mean = faces.new_tensor(MEAN_BGR)[:, None, None]
    return faces.flip(1) * 255 - mean


def cropped(faces: Float[Tensor, "B 3 S S"]) -> Float[Tensor, "B 3 224 224"]:
    """Crop the centre 224 x 224, as the authors do with 256; smaller crops are enlarged."""
    size = faces.shape[-1]
    if size < SIZE:
        return F.interpolate(faces, size=(SIZE, SIZE), mode="bilinear")
    middle = slice((size - SIZE) // 2, (size + SIZE) // 2)
    return faces[..., middle, middle]


from_file = partial(load_backbone, VGGFace2, "fc.", "faces")
"""Load a public checkpoint, given by the option `faces`; see `load_backbone`."""


class CaffeBottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions with a shortcut; the first 1x1 has the stride."""

    def __init__(self, channels: int, planes: int, stride: int) -> None:
        super().__init__()
        out = planes * 4
        self.conv1 = nn.Conv2d(channels, planes, 1, stride=stride, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, out, 1, stride=stride, bias=False), nn.BatchNorm2d(out)
            )

    def forward(self, x: Float[Tensor, "B C H W"]) -> Float[Tensor, "B D h w"]:
        inner = F.relu(self.bn1(self.conv1(x)))
        inner = F.relu(self.bn2(self.conv2(inner)))
        return F.relu(self.bn3(self.conv3(inner)) + self.downsample(x))


def _stage(channels: int, planes: int, *, blocks: int, stride: int) -> nn.Sequential:
    first = CaffeBottleneck(channels, planes, stride)
    rest = [CaffeBottleneck(planes * 4, planes, 1) for _ in range(blocks - 1)]
    return nn.Sequential(first, *rest)
