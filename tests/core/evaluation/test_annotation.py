"""Who is looked at, and with which embedding network."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from reenactor.errors import WeightsError
from reenactor.evaluation.annotation import _chosen
from reenactor.evaluation.embedders import onnx_embedder
from reenactor.ops.windows import extents
from reenactor.testing.cartoon import dancing
from reenactor.values import People, Skeleton


def people(skeletons: list[Skeleton]) -> People:
    joined = Skeleton.joined(skeletons)
    return People(joined, torch.ones(len(joined)), extents(joined))


def test_the_person_at_the_expected_place_counts() -> None:
    one = dancing(1, (223, 167)).skeleton
    aside = one.moved(torch.tensor([[[1.0, 0, 400], [0, 1.0, 0]]]))
    near = one.moved(torch.tensor([[[1.0, 0, 6], [0, 1.0, 0]]]))
    box = extents(one)[0]
    assert torch.equal(_chosen(people([aside, near]), box).body, near.body)
    assert float(_chosen(people([aside]), box).body[..., 2].max()) == 0
    assert float(_chosen(People.nobody(), box).body[..., 2].max()) == 0
    unknown = torch.full((4,), torch.nan)
    assert torch.equal(_chosen(people([aside, near]), unknown).body, aside.body)


@pytest.mark.parametrize(("scale", "expected"), [("signed", 0.0), ("unit", 0.5), ("raw", 127.5)])
def test_an_embedding_network_is_given_what_it_expects(
    scale: Any, expected: float, tmp_path: Path
) -> None:
    path = network(tmp_path, 112)
    found = onnx_embedder(path, scale).embed(torch.full((3, 3, 112, 112), 0.5))
    assert found.shape == (3, 3)
    assert np.allclose(found.numpy(), expected, atol=1e-4)


def test_other_networks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="wrong input"):
        onnx_embedder(network(tmp_path, 96))
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(WeightsError, match="cannot be read"):
        onnx_embedder(tmp_path / "text.onnx")


def network(folder: Path, side: int) -> Path:
    """An ONNX network whose embedding is the mean of each colour."""
    onnx = pytest.importorskip("onnx")
    float32 = onnx.TensorProto.FLOAT
    given = onnx.helper.make_tensor_value_info("x", float32, [1, 3, side, side])
    out = onnx.helper.make_tensor_value_info("y", float32, [1, 3, 1, 1])
    node = onnx.helper.make_node("GlobalAveragePool", ["x"], ["y"])
    graph = onnx.helper.make_graph([node], "mean", [given], [out])
    opset = [onnx.helper.make_opsetid("", 13)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
    path = folder / "mean.onnx"
    onnx.save(model, path)
    return path
