from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tflite")
onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


def run(path: Path, given: np.ndarray) -> np.ndarray:
    found: np.ndarray = onnxruntime.InferenceSession(str(path)).run(None, {"input": given})[0]
    return found


def test_a_convolution_at_stride_two_pads_the_far_side(tmp_path: Path) -> None:
    from onnx_graph import write_onnx
    from tflite_graph import NO_ACTIVATION, SAME, Graph, Step

    settings = {
        "Padding": SAME,
        "StrideH": 2,
        "StrideW": 2,
        "FusedActivationFunction": NO_ACTIVATION,
    }
    kernel = np.zeros((1, 3, 3, 1), np.float32)
    kernel[0, 0, 0, 0] = 1  # gives the upper left of what it covers
    graph = Graph(
        steps=(Step("CONV_2D", (0, 1), (2,), settings),),
        constants={1: kernel},
        shapes={0: [1, 4, 4, 1], 2: [1, 2, 2, 1]},
        names={2: "found"},
        input=0,
        outputs=(2,),
    )
    write_onnx(graph, tmp_path / "net.onnx")
    given = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    # One odd pixel of padding goes to the far side, so that the first kernel begins at 0, 0.
    assert run(tmp_path / "net.onnx", given)[0, :, :, 0].tolist() == [[0, 2], [8, 10]]


def test_reshape_keeps_the_order_of_channels_last(tmp_path: Path) -> None:
    from onnx_graph import write_onnx
    from tflite_graph import Graph, Step

    graph = Graph(
        steps=(Step("RESHAPE", (0,), (1,)),),
        constants={},
        shapes={0: [1, 2, 2, 3], 1: [1, 12]},
        names={1: "found"},
        input=0,
        outputs=(1,),
    )
    write_onnx(graph, tmp_path / "net.onnx")
    given = np.arange(24, dtype=np.float32).reshape(2, 2, 2, 3)
    assert np.array_equal(run(tmp_path / "net.onnx", given), given.reshape(2, 12))


def test_an_unknown_operator_is_named(tmp_path: Path) -> None:
    from onnx_graph import write_onnx
    from tflite_graph import Graph, Step

    graph = Graph((Step("SOFTMAX", (0,), (1,)),), {}, {0: [1, 2], 1: [1, 2]}, {}, 0, ())
    with pytest.raises(NotImplementedError, match="SOFTMAX"):
        write_onnx(graph, tmp_path / "net.onnx")
