"""LaMa's role, with an ONNX file of its inputs that paints holes in the mean of what is known."""

from pathlib import Path

import numpy as np
import pytest
import torch

from reenactor.catalog import discover
from reenactor.errors import WeightsError
from reenactor.manifest import Role
from reenactor.runtime import Runtime
from reenactor.testing import check_component
from reenactor.values import Frames
from reenactor_plugins.inpainter.lama.component import LamaInpainter
from reenactor_plugins.inpainter.lama.options import LamaOptions

onnx = pytest.importorskip("onnx")


def network(path: Path, side: int = 512) -> Path:
    """sum(image) / sum(1 - mask) * 255 everywhere."""
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    held = {
        "axes": np.array([2, 3]),
        "one": np.array([1], np.float32),
        "white": np.array([255], np.float32),
        "size": np.array([1, 3, side, side]),
    }
    nodes = [
        helper.make_node("Sub", ["one", "mask"], ["known"]),
        helper.make_node("ReduceSum", ["known", "axes"], ["count"]),
        helper.make_node("ReduceSum", ["image", "axes"], ["total"]),
        helper.make_node("Div", ["total", "count"], ["mean"]),
        helper.make_node("Mul", ["mean", "white"], ["colour"]),
        helper.make_node("Expand", ["colour", "size"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "lama",
        [
            helper.make_tensor_value_info("image", number, [1, 3, side, side]),
            helper.make_tensor_value_info("mask", number, [1, 1, side, side]),
        ],
        [helper.make_tensor_value_info("output", number, [1, 3, side, side])],
        [onnx.numpy_helper.from_array(value, name) for name, value in held.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("the file is an option")

    return Runtime(weight=no_weight)


def test_conforms(tmp_path: Path) -> None:
    catalog = discover(only={"reenactor"})
    info = next(e.info for e in catalog.components if e.info.key == (Role.INPAINTER, "lama"))
    # The mean of a picture that is one hole is no number; this network cannot be asked for it.
    options = LamaOptions(weights=network(tmp_path / "lama.onnx"))
    check_component(info, options, skip=("all hole",))


@pytest.mark.parametrize("size", [(40, 30), (700, 900)])
def test_colours_come_back_as_they_went(tmp_path: Path, size: tuple[int, int]) -> None:
    inpainter = LamaInpainter(LamaOptions(weights=network(tmp_path / "lama.onnx")), runtime())
    pixels = torch.tensor([200, 100, 30], dtype=torch.uint8).expand(1, *size, 3).clone()
    hole = torch.zeros(1, *size, dtype=torch.bool)
    hole[:, 10 : size[0] - 10, 10 : size[1] - 8] = True
    pixels[hole] = 255  # what the hole hides must not be seen
    filled = inpainter.inpaint(None, Frames(pixels, (0,), "photo"), hole)
    assert (filled.pixels.int() - torch.tensor([200, 100, 30])).abs().max() <= 1


def test_wrong_or_missing_files(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="`weights`"):
        LamaInpainter(LamaOptions(), runtime())
    assert set(LamaOptions().lacking()) == {"weights"}
    (tmp_path / "a.onnx").write_bytes(b"no network")
    with pytest.raises(WeightsError, match="cannot be read"):
        LamaInpainter(LamaOptions(weights=tmp_path / "a.onnx"), runtime())
    with pytest.raises(WeightsError, match="another network"):
        LamaInpainter(LamaOptions(weights=network(tmp_path / "b.onnx", 256)), runtime())
