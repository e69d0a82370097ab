"""InsightFace says the same of a face as our alignment with the same network."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from reenactor.evaluation.embedders import onnx_embedder
from reenactor.metrics.identity import aligned, cosine

onnx = pytest.importorskip("onnx")


def arcface_like(path: Path) -> Path:
    """3 x 112 x 112 in [-1, 1] to 16 numbers: means of 28 x 28 cells, mixed at random."""
    source = np.random.default_rng(0)
    helper, tensors = onnx.helper, onnx.numpy_helper
    nodes = [
        helper.make_node("AveragePool", ["x"], ["p"], kernel_shape=[28, 28], strides=[28, 28]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("MatMul", ["f", "w"], ["y"]),
    ]
    mix = tensors.from_array(source.normal(size=(48, 16)).astype(np.float32), "w")
    number = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "arcface",
        [helper.make_tensor_value_info("x", number, [None, 3, 112, 112])],
        [helper.make_tensor_value_info("y", number, [None, 16])],
        [mix],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def a_face() -> tuple[torch.Tensor, torch.Tensor, np.ndarray]:
    """A picture of smooth colours, the 70 points of a tilted face in it, and its five points."""
    five = np.array([[70, 66], [104, 74], [84, 92], [64, 104], [92, 112]], np.float32)
    face = torch.zeros(70, 3)
    face[:, 2] = 1
    for part, point in zip(((36, 42), (42, 48), (30, 31), (48, 49), (54, 55)), five, strict=True):
        face[part[0] : part[1], :2] = torch.from_numpy(point)
    coarse = torch.rand(1, 3, 8, 10, generator=torch.Generator().manual_seed(1))
    picture = torch.nn.functional.interpolate(coarse, (160, 200), mode="bilinear")[0]
    return picture, face, five


def test_insightface_says_the_same(tmp_path: Path) -> None:
    zoo = pytest.importorskip("insightface.model_zoo")
    from insightface.app.common import Face

    path = arcface_like(tmp_path / "w.onnx")
    picture, face, five = a_face()
    crop = aligned(picture, face)
    assert crop is not None
    ours = onnx_embedder(path, "signed").embed(crop[None])
    bgr = (picture.flip(0).permute(1, 2, 0) * 255).round().byte().numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package calls what scikit-image deprecates
        network = zoo.get_model(str(path), providers=["CPUExecutionProvider"])
        theirs = network.get(np.ascontiguousarray(bgr), Face(kps=five))
    assert cosine(ours, torch.from_numpy(theirs)[None]).item() > 0.9999
    other = onnx_embedder(path, "signed").embed(crop[None].flip(-1))
    assert cosine(other, torch.from_numpy(theirs)[None]).item() < 0.99
