"""Writes a TFLite graph as ONNX: channels first inside, channels last at the input and outputs.

Large weights are stored as half precision, with a Cast that every runtime folds when it loads
the file. The batch axis is free.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from tflite_graph import NO_ACTIVATION, RELU, RELU6, SAME, Graph, Step

TO_FIRST, TO_LAST = [0, 3, 1, 2], [0, 2, 3, 1]
FIRST_AXIS = {0: 0, 1: 2, 2: 3, 3: 1, -1: 1}
"""Where a channels-last axis is, channels first."""
SMALL = 8
"""Constants with at most this many values stay float32."""


def write_onnx(graph: Graph, path: Path) -> None:
    """Convert, validate with ONNX's checker, and write."""
    onnx.save(_Writer(graph).model(path.name), path)


class _Writer:
    """Builds the nodes and constants of one model, step by step."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.number = 0  # the current step, for naming constants
        self.writers: dict[str, Callable[[Step, str], None]] = {
            "ADD": self._add,
            "CONCATENATION": self._concatenation,
            "CONV_2D": self._convolution,
            "DEPTHWISE_CONV_2D": self._convolution,
            "DEPTH_TO_SPACE": self._depth_to_space,
            "FULLY_CONNECTED": self._fully_connected,
            "LOGISTIC": lambda step, out: self._node("Sigmoid", [self._in(step)], out),
            "MAX_POOL_2D": self._max_pool,
            "MEAN": self._mean,
            "PAD": self._pad,
            "PRELU": self._prelu,
            "RELU": lambda step, out: self._node("Relu", [self._in(step)], out),
            "RESHAPE": self._reshape,
            "RESIZE_BILINEAR": self._resize,
            "STRIDED_SLICE": self._slice,
        }

    def model(self, name: str) -> onnx.ModelProto:
        shape = self.graph.shapes[self.graph.input]
        given = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", *shape[1:]])
        self._node("Transpose", ["input"], _name(self.graph.input), perm=TO_FIRST)
        for number, step in enumerate(self.graph.steps):
            self.number = number
            if step.kind not in self.writers:
                raise NotImplementedError(f"the operator {step.kind}")
            self._write(step)
        outputs = [self._output(tensor) for tensor in self.graph.outputs]
        graph = helper.make_graph(self.nodes, name, [given], outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
        onnx.checker.check_model(model)
        return model

    def _write(self, step: Step) -> None:
        """A step and its fused activation."""
        out = _name(step.outputs[0])
        before = out if step.activation == NO_ACTIVATION else out + "_pre"
        self.writers[step.kind](step, before)
        if step.activation == RELU:
            self._node("Relu", [before], out)
        elif step.activation == RELU6:
            low = self._constant("k0", np.array([0], np.float32))
            high = self._constant("k6", np.array([6], np.float32))
            self._node("Clip", [before, low, high], out)
        elif step.activation != NO_ACTIVATION:
            raise NotImplementedError(f"the activation {step.activation}")

    def _output(self, tensor: int) -> onnx.ValueInfoProto:
        shape = self.graph.shapes[tensor]
        name = f"out_{self.graph.names[tensor]}"
        if len(shape) == 4:
            self._node("Transpose", [_name(tensor)], name, perm=TO_LAST)
        else:
            self._node("Identity", [_name(tensor)], name)
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape[1:]])

    def _node(self, kind: str, inputs: list[str], out: str, **attributes: object) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [out], **attributes))

    def _constant(self, prefix: str, values: np.ndarray, suffix: str = "") -> str:
        """Add a constant of the current step; returns its name."""
        name = f"{prefix}{self.number}{suffix}"
        values = np.ascontiguousarray(values)
        if values.dtype == np.float32 and values.size > SMALL:
            half = numpy_helper.from_array(values.astype(np.float16), name + "_h")
            self.constants.append(half)
            self._node("Cast", [name + "_h"], name, to=TensorProto.FLOAT)
        else:
            self.constants.append(numpy_helper.from_array(values, name))
        return name

    def _in(self, step: Step) -> str:
        return _name(step.inputs[0])

    def _shape(self, step: Step) -> list[int]:
        return self.graph.shapes[step.inputs[0]]

    def _given(self, step: Step, place: int) -> np.ndarray:
        """A constant input."""
        return self.graph.constants[step.inputs[place]]

    def _padding(self, step: Step, kernel: tuple[int, int]) -> list[int]:
        """TFLite's padding: top, left, bottom, right. An odd pixel goes to the bottom or right."""
        if step.settings["Padding"] != SAME:
            return [0, 0, 0, 0]
        ends = []
        strides = step.settings["StrideH"], step.settings["StrideW"]
        for size, k, stride in zip(self._shape(step)[1:3], kernel, strides, strict=True):
            total = max((-(-size // stride) - 1) * stride + k - size, 0)
            ends.append((total // 2, total - total // 2))
        return [ends[0][0], ends[1][0], ends[0][1], ends[1][1]]

    def _convolution(self, step: Step, out: str) -> None:
        depthwise = step.kind == "DEPTHWISE_CONV_2D"
        weight = self._given(step, 1).transpose([3, 0, 1, 2] if depthwise else TO_FIRST)
        inputs = [self._in(step), self._constant("w", weight)]
        if len(step.inputs) > 2 and step.inputs[2] >= 0:
            inputs.append(self._constant("b", self._given(step, 2)))
        self._node(
            "Conv",
            inputs,
            out,
            strides=[step.settings["StrideH"], step.settings["StrideW"]],
            dilations=[1, 1],
            pads=self._padding(step, weight.shape[2:]),
            group=self._shape(step)[3] if depthwise else 1,
        )

    def _max_pool(self, step: Step, out: str) -> None:
        kernel = step.settings["FilterHeight"], step.settings["FilterWidth"]
        self._node(
            "MaxPool",
            [self._in(step)],
            out,
            kernel_shape=list(kernel),
            strides=[step.settings["StrideH"], step.settings["StrideW"]],
            pads=self._padding(step, kernel),
        )

    def _add(self, step: Step, out: str) -> None:
        if any(tensor in self.graph.constants for tensor in step.inputs):
            raise NotImplementedError("the addition of a constant")
        self._node("Add", [_name(tensor) for tensor in step.inputs], out)

    def _prelu(self, step: Step, out: str) -> None:
        """max(x, 0) + slope * min(x, 0): the same numbers as onnxruntime's PRelu, several times as
        fast."""
        slope = self._constant("w", self._given(step, 1).reshape(-1, 1, 1))
        zero = self._constant("k0", np.array([0], np.float32))
        self._node("Max", [self._in(step), zero], out + "_above")
        self._node("Min", [self._in(step), zero], out + "_below")
        self._node("Mul", [out + "_below", slope], out + "_slope")
        self._node("Add", [out + "_above", out + "_slope"], out)

    def _pad(self, step: Step, out: str) -> None:
        before, after = self._given(step, 1)[TO_FIRST].T
        ends = self._constant("p", np.concatenate([before, after]).astype(np.int64))
        self._node("Pad", [self._in(step), ends], out)

    def _resize(self, step: Step, out: str) -> None:
        if step.settings["AlignCorners"] or not step.settings["HalfPixelCenters"]:
            raise NotImplementedError("resizing by other than half-pixel centres")
        height, width = self._shape(step)[1:3]
        new = self._given(step, 1)
        scales = np.array([1, 1, new[0] / height, new[1] / width], np.float32)
        self._node(
            "Resize",
            [self._in(step), "", self._constant("s", scales)],
            out,
            mode="linear",
            coordinate_transformation_mode="half_pixel",
        )

    def _depth_to_space(self, step: Step, out: str) -> None:
        block = step.settings["BlockSize"]
        self._node("DepthToSpace", [self._in(step)], out, blocksize=block, mode="DCR")

    def _reshape(self, step: Step, out: str) -> None:
        """Transpose before and after, because TFLite reshapes in channels-last order."""
        source = self._in(step)
        if len(self._shape(step)) == 4:
            self._node("Transpose", [source], out + "_n", perm=TO_LAST)
            source = out + "_n"
        new = [-1, *self.graph.shapes[step.outputs[0]][1:]]
        between = out + "_r" if len(new) == 4 else out
        shape = self._constant("r", np.array(new, np.int64))
        self._node("Reshape", [source, shape], between)
        if len(new) == 4:
            self._node("Transpose", [between], out, perm=TO_FIRST)

    def _concatenation(self, step: Step, out: str) -> None:
        axis = step.settings["Axis"]
        if len(self._shape(step)) == 4:
            axis = FIRST_AXIS[axis]
        self._node("Concat", [_name(tensor) for tensor in step.inputs], out, axis=axis)

    def _mean(self, step: Step, out: str) -> None:
        axes = np.array([FIRST_AXIS[int(a) % 4] for a in self._given(step, 1).ravel()], np.int64)
        keep = step.settings["KeepDims"]
        self._node("ReduceMean", [self._in(step), self._constant("x", axes)], out, keepdims=keep)

    def _fully_connected(self, step: Step, out: str) -> None:
        source, weight = self._in(step), self._given(step, 1)
        if len(self._shape(step)) == 4:
            self._node("Transpose", [source], out + "_n", perm=TO_LAST)
            flat = self._constant("r", np.array([-1, weight.shape[1]], np.int64))
            self._node("Reshape", [out + "_n", flat], out + "_f")
            source = out + "_f"
        inputs = [source, self._constant("w", weight), self._constant("b", self._given(step, 2))]
        self._node("Gemm", inputs, out, transB=1)

    def _slice(self, step: Step, out: str) -> None:
        begin, end, stride = (self._given(step, i).astype(np.int64) for i in (1, 2, 3))
        axes = np.arange(len(begin))
        begin[step.settings["BeginMask"] >> axes & 1 == 1] = 0
        end[step.settings["EndMask"] >> axes & 1 == 1] = 2**31 - 1
        inputs = [
            self._in(step),
            self._constant("sb", begin),
            self._constant("se", end),
            self._constant("sa", np.array([FIRST_AXIS[int(a)] for a in axes], np.int64)),
            self._constant("ss", stride),
        ]
        self._node("Slice", inputs, out)


def _name(tensor: int) -> str:
    return f"t{tensor}"
