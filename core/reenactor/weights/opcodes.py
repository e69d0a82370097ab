"""Scans the opcodes of a pickle, without unpickling, for plain data of bounded size.

Even a reader that executes no code can be kept busy forever: sixty tuples, each holding the
previous one twice, take a few hundred bytes and 2^60 steps to hash or print. So every pickle is
scanned before it is read. Does not import torch.
"""

import pickletools
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from zipfile import ZIP_STORED, ZipFile

MOST_STEPS = 2_000_000
"""The most opcodes in a pickle; a checkpoint has about thirty per tensor."""
DEEPEST = 64
"""The deepest nesting of containers."""
WIDEST = 64
"""The most bytes of an integer."""
WORK = 64
"""The most values per opcode, counting shared ones each time they are used."""

_KEYS = frozenset({"int", "int_or_bool", "str", "bytes_or_str"})
"""The types of keys that are allowed, by pickletools' names."""
_SCALARS = _KEYS | {"bytes", "bytearray", "None", "bool", "float"}
_ASIDE = frozenset({"PROTO", "FRAME", "STOP"})
_PUT = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_GET = frozenset({"GET", "BINGET", "LONG_BINGET"})
_INTO = {"APPEND": 1, "APPENDS": None, "SETITEM": 2, "SETITEMS": None, "ADDITEMS": None, "BUILD": 1}
"""Opcodes that modify a value, and how many values they add; None: all above the mark."""
_MADE = {
    "TUPLE": None, "LIST": None, "DICT": None, "FROZENSET": None, "TUPLE1": 1, "TUPLE2": 2,
    "TUPLE3": 3, "REDUCE": 2, "NEWOBJ": 2, "BINPERSID": 1, "STACK_GLOBAL": 2,
}  # fmt: skip
"""Opcodes that build a value from others, and the number of those."""
_REFUSED = frozenset(
    {"INST", "OBJ", "NEWOBJ_EX", "PERSID", "EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"}
)
"""Opcodes that weight files never need."""
_NEVER = frozenset(
    {
        "builtins bytearray",  # of any size, from an integer
        "torch._utils _rebuild_nested_tensor",  # with offsets that are not checked against the data
        "torch._utils _rebuild_wrapper_subclass",  # without data
    }
)
"""Functions that torch would call and weight files never need."""

_LEGACY = 5
"""The pickles in a file from `torch.save` before 1.6: magic number, protocol version, system
information, values, storage keys."""


@dataclass(slots=True)
class _Value:
    """Facts about a value: whether it may be a key, how many values it holds (counting shared
    ones each time), how deep they are nested, and whether it is part of another."""

    key: bool = False
    size: int = 1
    depth: int = 0
    used: bool = False


_KEY, _SCALAR = _Value(key=True), _Value()
"""Shared by all values without children, of which there may be millions."""


def require_safe_pickle(file: Any) -> None:
    """Scan all opcodes of one pickle in a binary file.

    Raises:
        UnpicklingError: it has keys other than text and integers, is nested too deeply, expands to
            far more values than it has bytes, or uses opcodes that weights do not need.
        Exception: it is damaged.
    """
    stack: list[_Value] = []
    below: list[list[_Value]] = []
    memo: dict[Any, _Value] = {}
    work = 0
    for step, (opcode, given, _) in enumerate(pickletools.genops(file), 1):
        name = opcode.name
        if step > MOST_STEPS:
            raise UnpicklingError(f"it has more than {MOST_STEPS} opcodes")
        if name in _REFUSED or (name == "GLOBAL" and given in _NEVER):
            raise UnpicklingError(f"it uses {given if name == 'GLOBAL' else name}")
        if name in _ASIDE:
            continue
        if name == "MARK":
            below.append(stack)
            stack = []
        elif name == "POP" and stack:
            stack.pop()
        elif name in ("POP", "POP_MARK"):
            stack = below.pop()
        elif name == "DUP":
            stack.append(stack[-1])
        elif name in _PUT:
            memo[given] = stack[-1]
        elif name == "MEMOIZE":
            memo[len(memo)] = stack[-1]
        elif name in _GET:
            stack.append(memo[given])
        elif name in _INTO or name in _MADE:
            count = _INTO[name] if name in _INTO else _MADE[name]
            if count is None:
                parts, stack = stack, below.pop()
            else:
                if len(stack) < count:
                    raise UnpicklingError("it pops more values than are on the stack")
                parts = stack[-count:]
                del stack[-count:]
            if name in ("SETITEM", "SETITEMS", "DICT"):
                _require_keys(parts[::2])
            elif name in ("ADDITEMS", "FROZENSET"):
                _require_keys(parts)
            if name in _MADE:
                stack.append(_Value())
            work += _put(stack[-1], parts)
            if work > WORK * (step + WORK):
                raise UnpicklingError("its values share each other too often")
        else:
            stack.append(_of(opcode.stack_after[0].name, given))


def _put(into: _Value, parts: Sequence[_Value]) -> int:
    """Add values to another; returns how many values they hold."""
    for part in parts:
        part.used = True
    if into.used:  # its container would grow unnoticed
        raise UnpicklingError("it modifies a value that is already part of another")
    size = sum(part.size for part in parts)
    into.size += size
    into.depth = max(into.depth, 1 + max((part.depth for part in parts), default=-1))
    if into.depth > DEEPEST:
        raise UnpicklingError(f"its values are nested more than {DEEPEST} deep")
    return size


def _of(kind: str, given: object) -> _Value:
    """The value that an opcode pushes by itself."""
    if isinstance(given, int) and given.bit_length() > 8 * WIDEST:
        raise UnpicklingError(f"it has an integer of {given.bit_length() // 8} bytes")
    if kind not in _SCALARS:
        return _Value()
    return _KEY if kind in _KEYS else _SCALAR


def _require_keys(keys: Sequence[_Value]) -> None:
    if not all(one.key for one in keys):
        raise UnpicklingError("it has keys that are neither text nor integers")


def require_safe_checkpoint(path: Path) -> None:
    """Like `require_safe_pickle`, for files of `torch.save`: archives, or the format before 1.6.

    Raises:
        UnpicklingError: a pickle in it is not plain, or the archive is compressed or overlapping.
        Exception: it is damaged.
    """
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            file.seek(0)
            for _ in range(_LEGACY):
                require_safe_pickle(file)
            return
        with ZipFile(file) as archive:
            members = archive.infolist()
            size = path.stat().st_size
            # Compressed or overlapping entries could fill the memory from a few bytes.
            if any(one.compress_type != ZIP_STORED for one in members):
                raise UnpicklingError("its archive is compressed")
            if sum(one.file_size for one in members) > size:
                raise UnpicklingError("its archive holds more than the file has bytes")
            for one in members:
                if one.filename.lower().endswith(".pkl"):
                    require_safe_pickle(BytesIO(archive.read(one)))
