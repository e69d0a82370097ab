"""Both public layouts, written down from the port's modules, come over whole."""

import torch
from torch import Tensor

from reenactor_plugins.inpainter.deepfill.network import DeepFill
from reenactor_plugins.inpainter.deepfill.public_layouts import is_tensorflow, names, renamed

_FLAT = """
conv1 conv2_downsample conv3 conv4_downsample conv5 conv6 conv7_atrous conv8_atrous conv9_atrous
conv10_atrous conv11 conv12 conv13_upsample.conv conv14 conv15_upsample.conv conv16 conv17
xconv1 xconv2_downsample xconv3 xconv4_downsample xconv5 xconv6 xconv7_atrous xconv8_atrous
xconv9_atrous xconv10_atrous
pmconv1 pmconv2_downsample pmconv3 pmconv4_downsample pmconv5 pmconv6 pmconv9 pmconv10
allconv11 allconv12 allconv13_upsample.conv allconv14 allconv15_upsample.conv allconv16 allconv17
"""

_UP = "up_block1.conv1_upsample.conv up_block1.conv2 up_block2.conv1_upsample.conv up_block2.conv2"
_DOWN = "down_block1.conv1_downsample down_block1.conv2 down_block2.conv1_downsample"
_STAGE_1 = f"""
conv1 {_DOWN} down_block2.conv2 conv_bn1 conv_bn2 conv_bn3 conv_bn4 conv_bn5 conv_bn6 conv_bn7
{_UP} conv_to_rgb
"""
_STAGE_2 = f"""
b1_conv1 b1_{_DOWN.replace(" ", " b1_")} b1_down_block2.conv2
b1_conv_bn1 b1_conv_bn2 b1_conv_bn3 b1_conv_bn4 b1_conv_bn5
b2_conv1 b2_{_DOWN.replace(" ", " b2_")} b2_down_block2.conv2 b2_conv_bn1 b2_conv_bn4 b2_conv_bn5
conv_bn6 conv_bn7 {_UP} conv_to_rgb
"""

FLAT = _FLAT.split()
STAGED = [
    *(f"stage1.{name}" for name in _STAGE_1.split()),
    *(f"stage2.{name}" for name in _STAGE_2.split()),
]


def keys(layers: list[str]) -> list[str]:
    return [f"{name}.conv.{part}" for name in layers for part in ("weight", "bias")]


def test_the_authors_names_in_their_order() -> None:
    assert [public for _, public in names(staged=False)] == keys(FLAT)


def test_the_names_of_the_fine_tuned_files_in_the_same_order() -> None:
    assert [public for _, public in names(staged=True)] == keys(STAGED)


def test_every_tensor_has_its_place() -> None:
    wanted = DeepFill().state_dict()
    assert [own for own, _ in names(staged=True)] == list(wanted)
    for layers, tensorflow in ((FLAT, True), (STAGED, False)):
        public: dict[str, Tensor] = dict(zip(keys(layers), wanted.values(), strict=True))
        assert is_tensorflow(public) is tensorflow
        found = renamed(public)
        assert all(torch.equal(found[key], wanted[key]) for key in wanted)


# The port's present modules: the branches of the second stage have other names, and a buffer.
PRESENT = [
    *(f"stage1.{name}" for name in _STAGE_1.split()),
    *(
        f"stage2.{name}"
        for name in f"""
conv_conv1 conv_{_DOWN.replace(" ", " conv_")} conv_down_block2.conv2
conv_conv_bn1 conv_conv_bn2 conv_conv_bn3 conv_conv_bn4 conv_conv_bn5
ca_conv1 ca_{_DOWN.replace(" ", " ca_")} ca_down_block2.conv2 ca_conv_bn1 ca_conv_bn4 ca_conv_bn5
conv_bn6 conv_bn7 {_UP} conv_to_rgb
""".split()
    ),
]
FUSING = "stage2.contextual_attention.fuse_weight"


def test_the_present_names_too() -> None:
    wanted = DeepFill(tensorflow=False).state_dict()
    public: dict[str, Tensor] = dict(zip(keys(PRESENT), wanted.values(), strict=True))
    assert sum(key in keys(STAGED) for key in public) == len(public) - 36  # what was missing
    public[FUSING] = torch.eye(3)[None, None]
    assert not is_tensorflow(public)
    found = renamed(public)
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[key], wanted[key]) for key in wanted)


def test_another_kernel_is_not_left_out_in_silence() -> None:
    for kernel in (torch.ones(1, 1, 3, 3), torch.eye(5)[None, None], torch.eye(3)):
        assert set(renamed({FUSING: kernel})) == {FUSING}


def test_what_is_unknown_keeps_its_name() -> None:
    assert set(renamed({"fc.weight": torch.zeros(1)})) == {"fc.weight"}
