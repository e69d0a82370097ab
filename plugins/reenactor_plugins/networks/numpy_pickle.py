"""Public checkpoints that are pickles of numpy arrays, read without executing what they say.

VGGFace2's PyTorch weights (written by Python 2) and DensePose's exist only so. A pickle names
functions to call. None of those is called here, numpy's own neither (it trusts the sizes and types
that it is told): the few names by which numpy writes an array stand for placeholders, whose data
is looked at when it is all there. Any other name is refused, and so is a pickle that is not plain.
"""

import pickle  # the reader below calls nothing that a file names
from collections.abc import Callable, Mapping
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.weights.header import damaged, shortened
from reenactor.weights.opcodes import require_plain
from reenactor.weights.tensors import sound

SUFFIX = ".pkl"
EXPECTED = "a pickle of numpy arrays by name"
TYPES = frozenset({"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "b1"})
"""Of arrays that become tensors."""
DIMENSIONS = 32
"""An array has at most so many."""


class _Type:
    """What a pickle says of numpy.dtype: a code, and perhaps an order of bytes."""

    def __init__(self, code: Any, *rest: Any) -> None:
        del rest
        self.code, self.order = str(code), "<"
        if self.code[:1] in ("<", ">", "|", "="):
            self.order, self.code = self.code[0], self.code[1:]

    def __setstate__(self, state: Any) -> None:
        self.order = str(state[1])


class _Array:
    """What a pickle says of an array. `tensor` looks whether that can be."""

    def __init__(self, *given: Any) -> None:
        self.shape, self.type, self.columns_first, self.data = given or ((), None, False, b"")

    def __setstate__(self, state: Any) -> None:
        _, self.shape, self.type, self.columns_first, self.data = state

    def tensor(self, name: str) -> Tensor:
        """Raises:
        ValueError: it is no array of numbers, or its data are too few or too many.
        """
        if not isinstance(self.type, _Type) or self.type.code not in TYPES:
            code = self.type.code if isinstance(self.type, _Type) else "none"
            raise ValueError(
                f"{name} is of numpy's type {shortened(code)!r}, not one of {sorted(TYPES)}"
            )
        kind = np.dtype((">" if self.type.order == ">" else "<") + self.type.code)
        data = self.data.encode("latin1") if isinstance(self.data, str) else self.data
        if not isinstance(data, bytes | bytearray):
            raise ValueError(f"{name} has no bytes, but a {type(data).__name__}")
        if len(self.shape) > DIMENSIONS:
            raise ValueError(f"{name} has {len(self.shape)} dimensions")
        sizes = tuple(int(size) for size in self.shape)
        if any(size < 0 for size in sizes) or prod(sizes) * kind.itemsize != len(data):
            raise ValueError(f"{name} has {len(data)} bytes for a shape of {sizes} {kind}")
        order: Any = "F" if self.columns_first else "C"
        array = np.frombuffer(data, kind).reshape(sizes, order=order)
        return torch.from_numpy(array.astype(kind.newbyteorder("="), order="C"))


def _empty(*_: Any) -> _Array:
    return _Array()


def _from_buffer(data: Any, kind: Any, shape: Any, order: Any, *_: Any) -> _Array:
    return _Array(shape, kind, order == "F", data)


def _encoded(text: str, coding: str) -> bytes:
    """How Python 3 writes bytes for readers of protocol 2."""
    if coding != "latin1":
        raise pickle.UnpicklingError(f"it asks for the encoding {coding}")
    return text.encode(coding)


def _nothing(*_: Any) -> None:
    """A single number beside the arrays."""


_NAMES: Mapping[tuple[str, str], Callable[..., Any]] = {
    (module, name): stands
    for core in ("numpy.core", "numpy._core")
    for module, name, stands in (
        (f"{core}.multiarray", "_reconstruct", _empty),
        (f"{core}.multiarray", "scalar", _nothing),
        (f"{core}.numeric", "_frombuffer", _from_buffer),
    )
} | {("numpy", "ndarray"): _nothing, ("numpy", "dtype"): _Type, ("_codecs", "encode"): _encoded}


class _ArraysOnly(pickle._Unpickler):
    """In Python and not in C, where a file of ten bytes can ask for all of the memory.

    It reads from memory, where no length in a file gives more bytes than there are.
    """

    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, data: bytes) -> None:
        pickle._Unpickler.__init__(self, BytesIO(data), encoding="latin1")

    def load_bytearray8(self: Any) -> None:  # Any: what it inherits is not in the type stubs
        length = int.from_bytes(self.read(8), "little")
        self.append(bytearray(self.read(length)))

    dispatch[pickle.BYTEARRAY8[0]] = load_bytearray8

    def find_class(self, module: str, name: str) -> Any:
        stands = _NAMES.get((module, name))
        if stands is None:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return lambda *given: stands(*given)  # a fresh one: a pickle may set attributes of it


def load_arrays(path: Path, inside: str = "") -> dict[str, Tensor]:
    """The arrays of a pickled mapping, by their names, as tensors.

    A file that keeps them under the name `inside` is opened there.

    Raises:
        WeightsError: the file asks for anything but arrays, or is damaged.
    """
    try:
        data = path.read_bytes()
        require_plain(BytesIO(data))
        loaded = _ArraysOnly(data).load()
    except Exception as error:  # a damaged pickle may raise anything
        raise damaged(path, error, EXPECTED) from error
    if inside and isinstance(loaded, dict) and isinstance(loaded.get(inside), dict):
        loaded = loaded[inside]
    if not isinstance(loaded, dict) or not all(isinstance(v, _Array) for v in loaded.values()):
        raise WeightsError(
            "the file holds no arrays by name",
            given=f"a {type(loaded).__name__} in {path}",
            expected=EXPECTED,
        )
    if len({str(name) for name in loaded}) < len(loaded):  # such as 1 and "1"
        raise WeightsError(
            "the file has two arrays of one name", given=str(path), expected=EXPECTED
        )
    try:
        tensors = {str(name): array.tensor(shortened(str(name))) for name, array in loaded.items()}
    except Exception as error:  # what a pickle puts in place of sizes or data may be anything
        raise damaged(path, error, EXPECTED) from error
    return sound(tensors, path)
