"""InsightFace's detector, with a network of SCRFD's layout that takes bright cells for faces.

Without the package, a module with the same functions stands for it.
"""

import sys
import types
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from reenactor.errors import PluginError, WeightsError
from reenactor.runtime import Runtime
from reenactor_plugins.face_refiner.fr.alignment import align, anchors
from reenactor_plugins.face_refiner.fr.insight import INPUT, InsightFaceDetector

PACKAGE = find_spec("insightface") is not None
POINTS = np.array([[-5, -4], [5, -4], [0, 1], [-3, 6], [3, 6]], np.float32)
"""Where a face's points lie around the bright cell that stands for it, in units of 8 pixels."""


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("the file is an option")

    return Runtime(weight=no_weight)


class Bright:
    """Stands for insightface's SCRFD: cells of 8 pixels that are brighter than 0.9 are faces."""

    use_kps = True

    def prepare(self, ctx_id: int, det_thresh: float, input_size: tuple[int, int]) -> None:
        assert input_size == (INPUT, INPUT)

    def detect(self, crop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        cells = crop.reshape(INPUT // 8, 8, INPUT // 8, 8, 3).mean((1, 3, 4)) / 255
        centres = np.argwhere(cells > 0.9)[:, ::-1] * 8.0
        boxes = np.concatenate([centres - 56, centres + 56, np.full((len(centres), 1), 0.95)], 1)
        return boxes, centres[:, None] + POINTS * 8


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "det_bright.onnx"
    if PACKAGE and find_spec("onnx") is not None:
        path.write_bytes(_scrfd())
        return path
    path.write_bytes(b"")
    zoo = types.ModuleType("insightface.model_zoo")
    zoo.get_model = lambda name, **_: Bright()  # type: ignore[attr-defined]  # a stand-in module
    monkeypatch.setitem(sys.modules, "insightface", types.ModuleType("insightface"))
    monkeypatch.setitem(sys.modules, "insightface.model_zoo", zoo)
    return path


def _scrfd() -> bytes:
    """SCRFD's nine outputs (scores, boxes, points at strides 8, 16, 32), two anchors to a cell.

    Only stride 8 sees anything. Its inputs are (x - 127.5) / 128, so 0.9 of white is 0.796.
    """
    import onnx
    from onnx import helper, numpy_helper

    nodes, constants = [], []

    def constant(name: str, value: np.ndarray) -> str:
        constants.append(numpy_helper.from_array(value, name))
        return name

    def node(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    outputs: dict[str, list[str]] = {"score": [], "box": [], "points": []}
    for stride in (8, 16, 32):
        count = 2 * (INPUT // stride) ** 2
        pooled = node(
            "AveragePool", ["x"], f"pool{stride}", kernel_shape=[stride] * 2, strides=[stride] * 2
        )
        mean = node("ReduceMean", [pooled], f"mean{stride}", axes=[1], keepdims=0)
        column = node("Reshape", [mean, constant(f"c{stride}", np.array([-1, 1]))], f"col{stride}")
        above = node(
            "Sub", [column, constant(f"t{stride}", np.array([0.796], np.float32))], f"above{stride}"
        )
        steep = 1000.0 if stride == 8 else -1e6
        logit = node(
            "Mul", [above, constant(f"s{stride}", np.array([steep], np.float32))], f"logit{stride}"
        )
        value = node("Sigmoid", [logit], f"sigmoid{stride}")
        if stride > 8:  # blind
            value = node(
                "Mul", [value, constant(f"z{stride}", np.array([0], np.float32))], f"none{stride}"
            )
        both = node("Concat", [value, value], f"both{stride}", axis=1)
        flat = constant(f"f{stride}", np.array([-1, 1]))
        outputs["score"].append(node("Reshape", [both, flat], f"score{stride}"))
        box = np.full((count, 4), 7, np.float32)
        points = np.tile(POINTS.reshape(1, 10), (count, 1))
        for kind, rows in (("box", box), ("points", points)):
            held = constant(f"{kind}_rows{stride}", rows)
            outputs[kind].append(node("Identity", [held], f"{kind}{stride}"))
    names = [name for kind in ("score", "box", "points") for name in outputs[kind]]
    graph = helper.make_graph(
        nodes,
        "scrfd",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 3, INPUT, INPUT])],
        [helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [None, None]) for n in names],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    written: bytes = model.SerializeToString()
    return written


def dotted(*spots: tuple[int, int]) -> torch.Tensor:
    """A dark picture with white squares of 20 pixels around some places x, y."""
    picture = torch.zeros(1, 3, 240, 320)
    for x, y in spots:
        picture[:, :, y - 10 : y + 10, x - 10 : x + 10] = 1
    return picture


def face_at(x: float, y: float) -> torch.Tensor:
    """A skeleton's face, 60 pixels wide around a place."""
    face = torch.zeros(1, 70, 3)
    face[..., 2] = 1
    face[:, :, :2] = torch.tensor([x, y])
    face[:, 0, :2] -= 30
    face[:, 16, :2] += 30
    return face


def test_points_are_found_in_the_picture(file: Path) -> None:
    detector = InsightFaceDetector(file, runtime())
    found = detector.refined(dotted((150, 100)), face_at(155, 104))
    # The square is 180 pixels wide: a pixel of the detector's is 0.5625 of the picture's, a cell
    # 4.5, and a face may be told by any of the cells that the spot fills.
    expected = torch.tensor([150.0, 100.0]) + torch.from_numpy(POINTS) * 4.5
    five = anchors(found)[0]
    assert (five[:, :2] - expected).abs().max() < 10
    spread = five[:, :2] - five[2, :2]
    torch.testing.assert_close(spread, torch.from_numpy(POINTS - POINTS[2]) * 4.5)
    assert five[:, 2].min() > 0.5
    assert bool(align(found, 64).seen[0])


def test_somebody_elses_face_is_not_taken(file: Path) -> None:
    detector = InsightFaceDetector(file, runtime())
    found = detector.refined(dotted((90, 60)), face_at(160, 120))
    assert (found == 0).all()


def test_a_face_that_the_skeleton_does_not_see_is_not_looked_for(file: Path) -> None:
    detector = InsightFaceDetector(file, runtime())
    pictures = dotted((150, 100)).expand(3, -1, -1, -1)
    faces = torch.cat([face_at(150, 100), torch.zeros(1, 70, 3), face_at(150, 100)])
    found = detector.refined(pictures, faces)
    assert (found[1] == 0).all()
    assert torch.equal(found[0], found[2])
    assert found[0, 30, 2] > 0


def test_a_folder_of_models_has_one_detector(file: Path) -> None:
    (file.parent / "w600k_r50.onnx").write_bytes(b"another model")
    InsightFaceDetector(file.parent, runtime())


def test_without_a_file_it_says_which(tmp_path: Path) -> None:
    for given in (None, tmp_path, tmp_path / "gone.onnx"):
        with pytest.raises(WeightsError, match="`insightface"):
            InsightFaceDetector(given, runtime())


@pytest.mark.skipif(not PACKAGE, reason="needs insightface")
def test_a_file_that_is_no_detector(tmp_path: Path) -> None:
    (tmp_path / "det.onnx").write_bytes(b"no network at all")
    with pytest.raises(WeightsError, match="cannot be read"):
        InsightFaceDetector(tmp_path / "det.onnx", runtime())


def test_without_the_package_it_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "insightface.model_zoo", None)
    (tmp_path / "det.onnx").write_bytes(b"")
    with pytest.raises(PluginError, match="package"):
        InsightFaceDetector(tmp_path / "det.onnx", runtime())
