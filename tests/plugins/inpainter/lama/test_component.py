"""LaMa's role, with an ONNX file of its inputs that paints holes in the mean of what is known."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from reenactor.catalog import discover
from reenactor.errors import WeightsError
from reenactor.manifest import Role, Weight
from reenactor.runtime import Runtime
from reenactor.testing import check_component
from reenactor.values import Frames
from reenactor_plugins.inpainter.lama.component import LamaInpainter
from reenactor_plugins.inpainter.lama.options import LamaOptions

onnx = pytest.importorskip("onnx")


def network(
    path: Path,
    side: int = 512,
    batch: int | str | None = 1,
    sides: int | str | None = None,
    **held: Any,
) -> Path:
    """sum(image) / sum(1 - mask) * 255 everywhere.

    Args:
        path: of the file.
        side: of what it gives, and of what it says that it takes.
        batch: pictures at once, as the file says; a name leaves it open.
        sides: what it says of the side in place of the number.
        held: other constants.
    """
    sides = side if sides is None else sides
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    held = {
        "axes": np.array([2, 3]),
        "one": np.array([1], np.float32),
        "white": np.array([255], np.float32),
        "size": np.array([1, 3, side, side]),
        **held,
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
            helper.make_tensor_value_info("image", number, [batch, 3, sides, sides]),
            helper.make_tensor_value_info("mask", number, [batch, 1, sides, sides]),
        ],
        [helper.make_tensor_value_info("output", number, None)],
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
@pytest.mark.parametrize("declared", [(1, None), ("batch", None), ("", None), ("n", "side")])
def test_colours_come_back_as_they_went(
    tmp_path: Path, size: tuple[int, int], declared: tuple[int | str, str | None]
) -> None:
    """Whether the file says how many pictures of which size it takes, or leaves it open."""
    file = network(tmp_path / "lama.onnx", batch=declared[0], sides=declared[1])
    inpainter = LamaInpainter(LamaOptions(weights=file), runtime())
    pixels = torch.tensor([200, 100, 30], dtype=torch.uint8).expand(1, *size, 3).clone()
    hole = torch.zeros(1, *size, dtype=torch.bool)
    hole[:, 10 : size[0] - 10, 10 : size[1] - 8] = True
    pixels[hole] = 255  # what the hole hides must not be seen
    filled = inpainter.inpaint(None, Frames(pixels, (0,), "photo"), hole)
    assert (filled.pixels.int() - torch.tensor([200, 100, 30])).abs().max() <= 1


def test_the_public_file_comes_from_the_weight_store(tmp_path: Path) -> None:
    file, asked = network(tmp_path / "stored.onnx"), []

    def stored(weight: Weight) -> Path:
        asked.append(weight.name)
        return file

    LamaInpainter(LamaOptions(), Runtime(weight=stored))
    assert asked == ["lama"]
    assert LamaOptions().required_weights(frozenset({"lama"})) == {"lama"}
    assert not LamaOptions(weights=file).required_weights(frozenset({"lama"}))


def test_wrong_files(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"no network")
    with pytest.raises(WeightsError, match="cannot be read"):
        LamaInpainter(LamaOptions(weights=tmp_path / "a.onnx"), runtime())
    with pytest.raises(WeightsError, match="not a LaMa network"):
        LamaInpainter(LamaOptions(weights=network(tmp_path / "b.onnx", 256)), runtime())
    with pytest.raises(WeightsError, match="not a LaMa network"):
        LamaInpainter(LamaOptions(weights=network(tmp_path / "c.onnx", batch=2)), runtime())


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"size": np.array([1, 3, 256, 256])}, "returned an invalid picture"),
        ({"white": np.array([np.nan], np.float32)}, "returned an invalid picture"),
        ({"one": np.ones((1, 1, 300, 300), np.float32)}, "lama's network failed"),
    ],
)
def test_a_network_that_gives_no_picture(tmp_path: Path, held: Any, said: str) -> None:
    file = network(tmp_path / "lama.onnx", sides="side", **held)
    inpainter = LamaInpainter(LamaOptions(weights=file), runtime())
    pixels = torch.zeros(1, 40, 30, 3, dtype=torch.uint8)
    hole = torch.zeros(1, 40, 30, dtype=torch.bool)
    hole[:, 10:20, 10:20] = True
    with pytest.raises(WeightsError, match=said):
        inpainter.inpaint(None, Frames(pixels, (0,), "photo"), hole)


def test_damaged_files_are_told(tmp_path: Path) -> None:
    """Either the network works, or one error says that the file does not."""
    data = network(tmp_path / "whole.onnx").read_bytes()
    random = np.random.default_rng(0)
    pixels = torch.full((1, 24, 24, 3), 90, dtype=torch.uint8)
    hole = torch.zeros(1, 24, 24, dtype=torch.bool)
    hole[:, 8:16, 8:16] = True
    for turn in range(40):
        at, length = int(random.integers(len(data))), int(random.integers(1, 9))
        change = (b"", random.bytes(length), b"\xff" * length, bytes(length))[turn % 4]
        file = tmp_path / f"{turn}.onnx"
        file.write_bytes(data[:at] if turn % 7 == 0 else data[:at] + change + data[at + length :])
        with suppress(WeightsError):
            LamaInpainter(LamaOptions(weights=file), runtime()).inpaint(
                None, Frames(pixels, (0,), "photo"), hole
            )
