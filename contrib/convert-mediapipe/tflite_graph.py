"""Reads a TFLite file into plain Python: steps, constants, shapes.

Weights stored as half precision come out as float32, sparse ones as dense arrays; the steps that
did this in TFLite (DEQUANTIZE, DENSIFY) are gone from the graph.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tflite

SAME = 0
"""TFLite's padding that keeps the size (VALID is 1)."""
NO_ACTIVATION, RELU, RELU6 = 0, 1, 3

_DTYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
_KINDS = {code: name for name, code in vars(tflite.BuiltinOperator).items() if type(code) is int}
_VECTORS = {1: tflite.Int32Vector, 2: tflite.Uint16Vector, 3: tflite.Uint8Vector}


@dataclass(frozen=True)
class Step:
    """One operator. Tensors are numbers; `settings` are its options by TFLite's own names."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    settings: dict[str, int] = field(default_factory=dict)

    @property
    def activation(self) -> int:
        return self.settings.get("FusedActivationFunction", NO_ACTIVATION)


@dataclass(frozen=True)
class Graph:
    """A network: `shapes` are channels-last, as TFLite has them."""

    steps: tuple[Step, ...]
    constants: dict[int, np.ndarray]
    shapes: dict[int, list[int]]
    names: dict[int, str]
    input: int
    outputs: tuple[int, ...]


def read_tflite(path: Path) -> Graph:
    """Read the only subgraph of a file."""
    model = tflite.Model.GetRootAsModel(path.read_bytes(), 0)
    subgraph = model.Subgraphs(0)
    tensors = [subgraph.Tensors(i) for i in range(subgraph.TensorsLength())]
    shapes = {
        i: t.ShapeAsNumpy().tolist() if t.ShapeLength() else [] for i, t in enumerate(tensors)
    }
    constants = {}
    for i, tensor in enumerate(tensors):
        buffer = model.Buffers(tensor.Buffer())
        if buffer.DataLength():
            values = np.frombuffer(buffer.DataAsNumpy().tobytes(), _DTYPES[tensor.Type()])
            sparsity = tensor.Sparsity()
            dense = values if sparsity is None else _dense(values, shapes[i], sparsity)
            constants[i] = dense.reshape(shapes[i])
    steps = []
    for i in range(subgraph.OperatorsLength()):
        step = _step(model, subgraph.Operators(i))
        source = step.inputs[0]
        if step.kind in ("DEQUANTIZE", "DENSIFY") and source in constants:
            folded = constants[source]
            wanted = np.float32 if step.kind == "DEQUANTIZE" else folded.dtype
            constants[step.outputs[0]] = folded.astype(wanted)
        else:
            steps.append(step)
    return Graph(
        tuple(steps),
        constants,
        shapes,
        {i: t.Name().decode() for i, t in enumerate(tensors)},
        int(subgraph.Inputs(0)),
        tuple(int(subgraph.Outputs(i)) for i in range(subgraph.OutputsLength())),
    )


_OPTIONS: dict[str, tuple[type, tuple[str, ...]]] = {
    "CONV_2D": (
        tflite.Conv2DOptions,
        ("Padding", "StrideH", "StrideW", "FusedActivationFunction"),
    ),
    "DEPTHWISE_CONV_2D": (
        tflite.DepthwiseConv2DOptions,
        ("Padding", "StrideH", "StrideW", "FusedActivationFunction"),
    ),
    "MAX_POOL_2D": (
        tflite.Pool2DOptions,
        ("Padding", "StrideH", "StrideW", "FilterHeight", "FilterWidth"),
    ),
    "ADD": (tflite.AddOptions, ("FusedActivationFunction",)),
    "CONCATENATION": (tflite.ConcatenationOptions, ("Axis",)),
    "DEPTH_TO_SPACE": (tflite.DepthToSpaceOptions, ("BlockSize",)),
    "FULLY_CONNECTED": (tflite.FullyConnectedOptions, ("FusedActivationFunction",)),
    "MEAN": (tflite.ReducerOptions, ("KeepDims",)),
    "RESIZE_BILINEAR": (tflite.ResizeBilinearOptions, ("AlignCorners", "HalfPixelCenters")),
    "STRIDED_SLICE": (tflite.StridedSliceOptions, ("BeginMask", "EndMask")),
}
"""What is read of each operator's options; those without options are not listed."""


def _step(model: tflite.Model, operator: tflite.Operator) -> Step:
    code = model.OperatorCodes(operator.OpcodeIndex())
    kind = _KINDS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
    settings = {}
    if kind in _OPTIONS:
        make, names = _OPTIONS[kind]
        options, table = make(), operator.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        settings = {name: int(getattr(options, name)()) for name in names}
    return Step(
        kind,
        tuple(int(operator.Inputs(i)) for i in range(operator.InputsLength())),
        tuple(int(operator.Outputs(i)) for i in range(operator.OutputsLength())),
        settings,
    )


def _dense(values: np.ndarray, shape: list[int], sparsity: tflite.SparsityParameters) -> np.ndarray:
    """Expand a sparse tensor.

    Its axes are nested levels: first the tensor's own, in `TraversalOrder`, then those inside
    the blocks that `BlockMap` names. A level is dense (a count) or sparse (for each position of
    the level above, the indices that are there). The walk below keeps, level by level, the index
    along each level of all positions reached so far and their place in the level's storage.
    """
    blocked = sparsity.BlockMapAsNumpy() if sparsity.BlockMapLength() else np.zeros(0, int)
    levels = [sparsity.DimMetadata(i) for i in range(sparsity.DimMetadataLength())]
    index = np.zeros((1, 0), np.int64)
    place = np.zeros(1, np.int64)
    for level in levels:
        if level.Format() == tflite.DimensionType.DENSE:
            count = level.DenseSize()
            own = np.tile(np.arange(count), len(place))
            index = np.column_stack([np.repeat(index, count, 0), own])
            place = (place[:, None] * count + np.arange(count)).ravel()
        else:
            segments = _vector(level.ArraySegmentsType(), level.ArraySegments())
            indices = _vector(level.ArrayIndicesType(), level.ArrayIndices())
            counts = segments[place + 1] - segments[place]
            within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            storage = np.repeat(segments[place], counts) + within
            index = np.column_stack([np.repeat(index, counts, 0), indices[storage]])
            place = storage
    axes = np.zeros((len(place), len(shape)), np.int64)
    for level, axis in enumerate(sparsity.TraversalOrderAsNumpy()):
        if axis < len(shape):
            block = np.flatnonzero(blocked == axis)
            size = levels[len(shape) + block[0]].DenseSize() if len(block) else 1
            axes[:, axis] += index[:, level] * size
        else:
            axes[:, blocked[axis - len(shape)]] += index[:, level]
    dense = np.zeros(shape, values.dtype)
    dense[tuple(axes.T)] = values[place]
    return dense


def _vector(kind: int, table: "tflite.flatbuffers.table.Table") -> np.ndarray:
    vector = _VECTORS[kind]()
    vector.Init(table.Bytes, table.Pos)
    values: np.ndarray = vector.ValuesAsNumpy().astype(np.int64)
    return values
