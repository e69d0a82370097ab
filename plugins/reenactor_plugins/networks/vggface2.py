"""VGGFace2's ResNet-50 (Cao et al. 2018), layer by layer as its authors' Caffe network.

It differs from the usual ResNet-50: each stage halves the resolution in the first 1x1
convolution (not in the 3x3), and the max pooling has no border and rounds up. The names of the
modules are those of the public PyTorch conversion, so that its checkpoints fit as they are.
"""

from collections.abc import Mapping
from functools import partial

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from reenactor_plugins.networks.construct import backbone

SIZE = 224
"""Pixels of a face crop's side."""
EMBEDDING = 2048
"""Length of VGGFace(c), the penultimate layer."""
MEAN_BGR = (91.4953, 103.8827, 131.0912)
"""Of the training pictures, in 0..255. There is no division by a deviation."""

TAPS = (112, 56, 28, 14, 7, 1)
"""Spatial sizes of the last layers of the blocks. Eq. 18 uses all but 14."""

Taps = Mapping[int, Tensor]
"""Activations by their spatial size, for an input of 224."""


class VGGFace2(nn.Module):
    """Faces to embeddings: 3 x 224 x 224 in [0, 1], RGB, to 2048."""

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
        return self.taps(faces)[1].flatten(1)

    def taps(self, faces: Float[Tensor, "B 3 224 224"]) -> Taps:
        """VGGFace_j(c) of Eq. 18 for every size j of `TAPS`."""
        taps = {112: F.relu(self.bn1(self.conv1(prepared(faces))))}
        taps[56] = self.layer1(F.max_pool2d(taps[112], 3, stride=2, ceil_mode=True))
        taps[28] = self.layer2(taps[56])
        taps[14] = self.layer3(taps[28])
        taps[7] = self.layer4(taps[14])
        taps[1] = F.adaptive_avg_pool2d(taps[7], 1)
        return taps


def prepared(faces: Float[Tensor, "B 3 H W"]) -> Float[Tensor, "B 3 H W"]:
    """RGB in [0, 1] as the network was trained: BGR in 0..255 less the mean."""
    mean = faces.new_tensor(MEAN_BGR)[:, None, None]
    return faces.flip(1) * 255 - mean


def fitted(faces: Float[Tensor, "B 3 S S"]) -> Float[Tensor, "B 3 224 224"]:
    """The middle of larger crops, as its authors cut 224 out of 256; smaller ones enlarged."""
    size = faces.shape[-1]
    if size < SIZE:
        return F.interpolate(faces, size=(SIZE, SIZE), mode="bilinear")
    middle = slice((size - SIZE) // 2, (size + SIZE) // 2)
    return faces[..., middle, middle]


from_file = partial(backbone, VGGFace2, "fc.", "faces")
"""The network of a public checkpoint, given by an option `faces`, without the last layer, which
names the 8631 training people; see `backbone`."""


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 and a shortcut; the first 1x1 carries the stride."""

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
    first = Bottleneck(channels, planes, stride)
    rest = [Bottleneck(planes * 4, planes, 1) for _ in range(blocks - 1)]
    return nn.Sequential(first, *rest)
