"""Reads checkpoints that are pickles of numpy arrays, without executing code.

VGGFace2's PyTorch weights (written by Python 2) and DensePose's are only published in this form. A
pickle names functions to call. None of them is called here, not even numpy's own, which trust
sizes and dtypes: the few names that numpy uses for arrays map to placeholders, which are validated
once complete. Any other name is refused, and so are other pickle features.
"""

import pickle  # the reader below calls no function that a file names
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
from reenactor.weights.opcodes import require_safe_pickle
from reenactor.weights.tensors import sound

SUFFIX = ".pkl"
EXPECTED = "a pickle of numpy arrays by name"
TYPES = frozenset({"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "b1"})
"""Supported dtypes."""
DIMENSIONS = 32
"""Maximum number of dimensions."""


class _Type:
    """Placeholder for numpy.dtype: a code and an optional byte order."""

    def __init__(self, code: Any, *rest: Any) -> None:
        del rest
        self.code, self.order = str(code), "<"
        if self.code[:1] in ("<", ">", "|", "="):
            self.order, self.code = self.code[0], self.code[1:]

    def __setstate__(self, state: Any) -> None:
        self.order = str(state[1])


class _Array:
    """Placeholder for an array. `tensor` validates it."""

    def __init__(self, *given: Any) -> None:
        self.shape, self.type, self.columns_first, self.data = given or ((), None, False, b"")

    def __setstate__(self, state: Any) -> None:
        _, self.shape, self.type, self.columns_first, self.data = state

    def tensor(self, name: str) -> Tensor:
        """Raises:
        ValueError: it is not a numeric array, or its data has the wrong length.
        """
        if not isinstance(self.type, _Type) or self.type.code not in TYPES:
            code = self.type.code if isinstance(self.type, _Type) else "none"
            raise ValueError(
                f"{name} has the dtype {shortened(code)!r}, not one of {sorted(TYPES)}"
            )
        kind = np.dtype((">" if self.type.order == ">" else "<") + self.type.code)
        data = self.data.encode("latin1") if isinstance(self.data, str) else self.data
        if not isinstance(data, bytes | bytearray):
            raise ValueError(f"{name} has data of type {type(data).__name__}, not bytes")
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
    """Bytes as written by Python 3 with protocol 2."""
    if coding != "latin1":
        raise pickle.UnpicklingError(f"unsupported encoding {coding}")
    return text.encode(coding)


def _nothing(*_: Any) -> None:
    """A scalar, which is ignored."""


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
    """The pure Python unpickler: in C, a file of ten bytes can allocate all memory.

    It reads from memory, so no length in a file exceeds the available bytes.
    """

    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, data: bytes) -> None:
        pickle._Unpickler.__init__(self, BytesIO(data), encoding="latin1")

    def load_bytearray8(self: Any) -> None:  # Any: the base class is not in the type stubs
        length = int.from_bytes(self.read(8), "little")
        self.append(bytearray(self.read(length)))

    dispatch[pickle.BYTEARRAY8[0]] = load_bytearray8

    def find_class(self, module: str, name: str) -> Any:
        stands = _NAMES.get((module, name))
        if stands is None:
            raise pickle.UnpicklingError(f"unsupported name {module}.{name}")
        return lambda *given: stands(
            *given
        )  # a new function, because a pickle may set its attributes


def load_arrays(path: Path, inside: str = "") -> dict[str, Tensor]:
    """Load the arrays of a pickled mapping as tensors, by name.

    If the mapping has the key `inside`, its value is used.

    Raises:
        WeightsError: the file contains anything but arrays, or is damaged.
    """
    try:
        data = path.read_bytes()
        require_safe_pickle(BytesIO(data))
        loaded = _ArraysOnly(data).load()
    except Exception as error:  # a damaged pickle may raise any exception
        raise damaged(path, error, EXPECTED) from error
    if inside and isinstance(loaded, dict) and isinstance(loaded.get(inside), dict):
        loaded = loaded[inside]
    if not isinstance(loaded, dict) or not all(isinstance(v, _Array) for v in loaded.values()):
        raise WeightsError(
            "the file does not contain named arrays",
            given=f"a {type(loaded).__name__} in {path}",
            expected=EXPECTED,
        )
    if len({str(name) for name in loaded}) < len(loaded):  # such as 1 and "1"
        raise WeightsError(
            "the file has two arrays of one name", given=str(path), expected=EXPECTED
        )
    try:
        tensors = {str(name): array.tensor(shortened(str(name))) for name, array in loaded.items()}
    except Exception as error:  # sizes or data in a pickle may be of any type
        raise damaged(path, error, EXPECTED) from error
    return sound(tensors, path)
