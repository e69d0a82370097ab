"""Layers, keys and pooling of DensePose, counted and computed anew."""

import pytest
import torch
from torch import Tensor, nn

from reenactor.errors import WeightsError
from reenactor_plugins.pose_estimator.densepose.backbone import BLOCKS, FPN
from reenactor_plugins.pose_estimator.densepose.network import (
    DensePose,
    DensePoseArchitecture,
    _pool_by_size,
    architecture_of,
    needed,
    pool,
)

Shapes = dict[str, tuple[int, ...]]


def public(depth: int = 50, deeplab: bool = False, coarse: int = 2, decoder: bool = True) -> Shapes:
    """Keys and shapes of detectron2's checkpoint, all it needs to read a surface."""
    shapes: Shapes = {}

    def conv(name: str, out: int, given: int, kernel: int, norm: str = "") -> None:
        shapes[f"{name}.weight"] = (out, given, kernel, kernel)
        if not norm:
            shapes[f"{name}.bias"] = (out,)
        elif norm == "batch":
            for part in ("weight", "bias", "running_mean", "running_var"):
                shapes[f"{name}.norm.{part}"] = (out,)
        elif norm == "group":
            shapes[f"{name}.norm.weight"] = shapes[f"{name}.norm.bias"] = (out,)

    conv("backbone.bottom_up.stem.conv1", 64, 3, 7, "batch")
    given = 64
    for stage, blocks in enumerate((3, 4, 6 if depth == 50 else 23, 3)):
        inner, out = 64 * 2**stage, 256 * 2**stage
        for block in range(blocks):
            name = f"backbone.bottom_up.res{stage + 2}.{block}"
            if block == 0:
                conv(f"{name}.shortcut", out, given, 1, "batch")
            conv(f"{name}.conv1", inner, given, 1, "batch")
            conv(f"{name}.conv2", inner, inner, 3, "batch")
            conv(f"{name}.conv3", out, inner, 1, "batch")
            given = out
        conv(f"backbone.fpn_lateral{stage + 2}", 256, out, 1)
        conv(f"backbone.fpn_output{stage + 2}", 256, 256, 3)
    if decoder:
        for layer in ("p2.0", "p3.0", "p4.0", "p4.2", "p5.0", "p5.2", "p5.4"):
            conv(f"roi_heads.decoder.{layer}", 256, 256, 3)
        conv("roi_heads.decoder.predictor", 256, 256, 1)
    head = "roi_heads.densepose_head"
    if deeplab:
        for n, (at, kernel) in enumerate(((0, 1), (0, 3), (0, 3), (0, 3), (1, 1))):
            conv(f"{head}.ASPP.convs.{n}.{at}", 256, 256, kernel, "apart")
            for part in ("weight", "bias"):
                shapes[f"{head}.ASPP.convs.{n}.{at + 1}.{part}"] = (256,)
        conv(f"{head}.ASPP.project.0", 256, 1280, 1, "none")
    for n in range(1, 9):
        conv(f"{head}.body_conv_fcn{n}", 512, 256 if n == 1 else 512, 3, "group" * deeplab)
    for name, out in (("ann_index", coarse), ("index_uv", 25), ("u", 25), ("v", 25)):
        shapes[f"roi_heads.densepose_predictor.{name}_lowres.weight"] = (512, out, 4, 4)
        shapes[f"roi_heads.densepose_predictor.{name}_lowres.bias"] = (out,)
    return shapes


ARCHITECTURES = [
    DensePoseArchitecture(),
    DensePoseArchitecture(depth=101),
    DensePoseArchitecture(deeplab=True),
    DensePoseArchitecture(depth=101, deeplab=True),
    DensePoseArchitecture(coarse=15, decoder=False, pooled=14),
    DensePoseArchitecture(depth=101, coarse=15, decoder=False, pooled=14),
    DensePoseArchitecture(coarse=15),
]


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_public_checkpoints_fit_as_they_are(architecture: DensePoseArchitecture) -> None:
    shapes = public(
        architecture.depth, architecture.deeplab, architecture.coarse, architecture.decoder
    )
    with torch.device("meta"):
        tensors: dict[str, Tensor] = {key: torch.empty(shape) for key, shape in shapes.items()}
        found = architecture_of(tensors)
        own = DensePose(found).state_dict()
    assert found == architecture
    wanted = {key: tuple(value.shape) for key, value in own.items() if "num_batches" not in key}
    assert wanted == shapes


def test_the_number_of_parameters_with_the_part_that_finds_people() -> None:
    """The public ResNet-50 file has 256 MB: all of this, and detectron2's RPN and box head."""
    surface = sum(torch.Size(shape).numel() for shape in public().values())
    rpn = 256 * 256 * 9 + 256 + (256 + 1) * 3 + (256 + 1) * 12
    box = (256 * 49 + 1) * 1024 + (1024 + 1) * 1024 + (1024 + 1) * (2 + 4)
    assert round((surface + rpn + box) * 4 / 1e6) == 256


def test_what_finds_people_is_left_out() -> None:
    kept = "roi_heads.densepose_predictor.u_lowres.weight"
    names = [
        "proposal_generator.rpn_head.conv.weight",
        "roi_heads.box_head.fc1.weight",
        "roi_heads.box_predictor.cls_score.bias",
        "roi_heads.densepose_predictor.sigma_2_lowres.weight",
        "pixel_mean",
        kept,
    ]
    assert set(needed({name: torch.zeros(1) for name in names})) == {kept}


def test_levels_and_charts() -> None:
    with torch.device("meta"):
        levels = FPN(50)(torch.empty(1, 3, 64, 96))
        assert [tuple(x.shape[1:]) for x in levels] == [
            (256, 16, 24),
            (256, 8, 12),
            (256, 4, 6),
            (256, 2, 3),
        ]
        charts = DensePose(DensePoseArchitecture())(torch.empty(2, 3, 64, 96), torch.empty(2, 4))
    assert charts.coarse.shape == (2, 2, 112, 112)
    assert charts.fine.shape == charts.u.shape == charts.v.shape == (2, 25, 112, 112)


def test_the_legacy_networks_read_a_box_in_fourteen_pixels() -> None:
    """detectron2's densepose_rcnn_R_50_FPN_s1x_legacy: POOLER_RESOLUTION 14, HEATMAP_SIZE 56."""
    with torch.device("meta"):
        legacy = DensePose(DensePoseArchitecture(coarse=15, decoder=False, pooled=14))
        pooled = legacy.roi_heads["densepose_head"](torch.empty(1, 256, 14, 14))
        charts = legacy.roi_heads["densepose_predictor"](pooled)
    assert charts.fine.shape == (1, 25, 56, 56)
    levels = [torch.rand(1, 256, 32 // 2**n, 32 // 2**n) for n in range(4)]
    assert _pool_by_size(levels, torch.tensor([[10.0, 20, 90, 100]]), 14).shape == (1, 256, 14, 14)


def test_a_resolution_that_cannot_be_known_is_asked_for() -> None:
    with torch.device("meta"):
        tensors = {key: torch.empty(s) for key, s in public(coarse=2, decoder=False).items()}
    with pytest.raises(WeightsError, match="cannot be told") as caught:
        architecture_of(tensors)
    assert "pooler_resolution" in caught.value.expected
    assert architecture_of(tensors, 14).pooled == 14
    assert architecture_of(tensors, 28).pooled == 28
    legacy = {"roi_heads.densepose_predictor.ann_index_lowres.bias": torch.zeros(15)}
    assert architecture_of(legacy).pooled == 14
    assert architecture_of(legacy, 28).pooled == 28


def test_the_first_one_by_one_of_a_stage_has_its_stride() -> None:
    with torch.device("meta"):
        stage = FPN(50).bottom_up.get_submodule("res4")
    assert len(list(stage.children())) == BLOCKS[50][2]
    strides = {
        name: module.stride
        for name, module in stage.named_modules()
        if isinstance(module, nn.Conv2d)
    }
    assert strides["0.conv1"] == strides["0.shortcut"] == (2, 2)
    assert strides["0.conv2"] == strides["1.conv1"] == (1, 1)


def test_pooling_reads_a_slope() -> None:
    """On features that are their own coordinates a pixel is the mean place of its readings."""
    y, x = torch.meshgrid(torch.arange(40.0), torch.arange(60.0), indexing="ij")
    boxes = torch.tensor([[10.0, 5, 38, 33], [2, 3, 58, 17]])
    pooled = pool(torch.stack([x, y]).expand(2, -1, -1, -1), boxes, 28)
    first = torch.arange(28) + 0.5
    torch.testing.assert_close(pooled[0, 0, 3], 10 + first)
    torch.testing.assert_close(pooled[0, 1, :, 3], 5 + first)
    torch.testing.assert_close(pooled[1, 0, 9], 2 + 2 * first)
    torch.testing.assert_close(pooled[1, 1, :, 9], 3 + first / 2)


@pytest.mark.parametrize("side", [14, 28])
def test_pooling_is_roi_align(side: int) -> None:
    ops = pytest.importorskip("torchvision.ops")
    source = torch.Generator().manual_seed(0)
    features = torch.randn(2, 5, 30, 44, generator=source)
    boxes = torch.tensor([[3.3, 4.1, 40.2, 28.7], [0.0, 0.0, 12.5, 29.0]])
    theirs = ops.roi_align(features, [boxes[:1], boxes[1:]], side, 1.0, sampling_ratio=2)
    torch.testing.assert_close(pool(features, boxes, side), theirs, atol=1e-4, rtol=1e-4)


def test_the_deeplab_head_looks_around() -> None:
    torch.manual_seed(0)
    head = (
        DensePose(DensePoseArchitecture(deeplab=True, width=32)).roi_heads["densepose_head"].eval()
    )
    with torch.no_grad():
        out = head(torch.rand(1, 256, 28, 28))
    assert out.shape == (1, 32, 28, 28)
    assert (out >= 0).all()
