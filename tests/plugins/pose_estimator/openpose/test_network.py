"""Layers and public names, counted anew from the authors' layer lists."""

import pytest
import torch
from torch import nn

from reenactor_plugins.pose_estimator.openpose.network import (
    Body25,
    Coco,
    PointMaps,
    by_caffe_names,
)


def conv(kernel: int, given: int, out: int) -> int:
    return kernel * kernel * given * out + out


VGG = [(3, 64), (64, 64), (64, 128), (128, 128), (128, 256), *[(256, 256)] * 3, (256, 512),
       (512, 512)]  # fmt: skip
FRONT = sum(conv(3, given, out) for given, out in [*VGG, (512, 256), (256, 128)])
CPM_FRONT = sum(conv(3, given, out) for given, out in [*VGG, *[(512, 512)] * 4, (512, 128)])


def dense_stage(given: int, width: int, inner: int, out: int) -> int:
    first = conv(3, given, width) + 4 * conv(3, 3 * width, width)
    rest = 10 * conv(3, width, width)
    prelus = 15 * width + inner
    return first + rest + conv(1, 3 * width, inner) + conv(1, inner, out) + prelus


def wide_stage(given: int, out: int) -> int:
    return conv(7, given, 128) + 4 * conv(7, 128, 128) + conv(1, 128, 128) + conv(1, 128, out)


def size(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_body_25() -> None:
    expected = (
        FRONT
        + 512 + 256 + 128  # the front's PReLUs
        + dense_stage(128, 96, 256, 52)
        + 3 * dense_stage(180, 128, 512, 52)
        + dense_stage(180, 96, 256, 26)
        + dense_stage(206, 128, 512, 26)
    )  # fmt: skip
    with torch.device("meta"):
        network = Body25()
        maps, fields = network(torch.empty(2, 3, 64, 96))
    assert size(network) == expected == 26_166_084
    assert maps.shape == (2, 26, 8, 12)
    assert fields.shape == (2, 52, 8, 12)


def test_coco() -> None:
    def first(out: int) -> int:
        return 3 * conv(3, 128, 128) + conv(1, 128, 512) + conv(1, 512, out)

    expected = FRONT + first(38) + first(19) + 5 * (wide_stage(185, 38) + wide_stage(185, 19))
    with torch.device("meta"):
        network = Coco()
        maps, fields = network(torch.empty(1, 3, 64, 96))
    assert size(network) == expected == 52_311_446
    assert maps.shape == (1, 19, 8, 12)
    assert fields.shape == (1, 38, 8, 12)


@pytest.mark.parametrize(("points", "total"), [(21, 36_832_324), (70, 38_425_706)])
def test_hands_and_faces(points: int, total: int) -> None:
    first = conv(1, 128, 512) + conv(1, 512, points + 1)
    expected = CPM_FRONT + first + 5 * wide_stage(128 + points + 1, points + 1)
    with torch.device("meta"):
        network = PointMaps(points)
        maps = network(torch.empty(1, 3, 64, 64))
    assert size(network) == expected == total
    assert maps.shape == (1, points + 1, 8, 8)


# Some keys of beingjoey/pytorch_openpose_body_25's body_25.pth, as its modules make them.
NESTED = {
    "model0.conv1_1.weight": (64, 3, 3, 3),
    "model0.prelu4_2.weight": (512,),
    "model0.conv4_4_CPM.bias": (128,),
    "models.Mconv1_stage0_L2.0.Mconv1_stage0_L2_0.weight": (96, 128, 3, 3),
    "models.Mconv1_stage0_L2.0.Mprelu1_stage0_L2_0.weight": (96,),
    "models.Mconv5_stage3_L2.2.Mconv5_stage3_L2_2.weight": (128, 128, 3, 3),
    "models.Mconv6_7_stage1_L1.0.Mconv6_stage1_L1.weight": (512, 384, 1, 1),
    "models.Mconv6_7_stage1_L1.0.Mprelu6_stage1_L1.weight": (512,),
    "models.Mconv6_7_stage1_L1.1.Mconv7_stage1_L1.bias": (26,),
}
# And of Hzzone/pytorch-openpose's body_pose_model.pth, flat.
FLAT = {
    "conv1_1.weight": (64, 3, 3, 3),
    "conv5_5_CPM_L1.weight": (38, 512, 1, 1),
    "Mconv1_stage2_L1.weight": (128, 185, 7, 7),
    "Mconv7_stage6_L2.bias": (19,),
}
# Hands and faces there, and in ControlNet's facenet.pth.
DETAIL = {
    "conv5_3_CPM.weight": (128, 512, 3, 3),
    "conv6_2_CPM.bias": (71,),
    "Mconv1_stage2.weight": (128, 199, 7, 7),
    "Mconv7_stage6.weight": (71, 128, 1, 1),
}


def _made(kind: str) -> nn.Module:
    if kind == "face":
        return PointMaps(70)
    return Body25() if kind == "25" else Coco()


@pytest.mark.parametrize(("kind", "keys"), [("25", NESTED), ("coco", FLAT), ("face", DETAIL)])
def test_public_names(kind: str, keys: dict[str, tuple[int, ...]]) -> None:
    with torch.device("meta"):
        network = _made(kind)
        named = by_caffe_names({key: torch.empty(shape) for key, shape in keys.items()})
    own = network.state_dict()
    assert {key: value.shape for key, value in named.items()} == {
        key: own[key].shape for key in named
    }


def test_a_prelu_where_the_front_has_one() -> None:
    torch.manual_seed(0)
    network = Body25().eval()
    picture = torch.rand(1, 3, 16, 16) - 0.5
    with torch.no_grad():
        before = network(picture)[1]
        network.get_parameter("layers.prelu4_4_CPM.weight").fill_(0)  # now it is a ReLU
        assert not torch.equal(network(picture)[1], before)
