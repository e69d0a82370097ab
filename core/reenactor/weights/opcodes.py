"""Whether a pickle is plain data of a bounded shape, by its opcodes: nothing is built or called.

A reader that executes no code may still be kept busy for ever: sixty tuples, each holding the one
before it twice, take a few hundred bytes and 2^60 steps to hash or to print. So every pickle is
looked at before a reader sees it. Imports no torch.
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
"""Opcodes of one pickle; a checkpoint has some thirty for each tensor."""
DEEPEST = 64
"""Containers within each other."""
WIDEST = 64
"""Bytes of a whole number."""
WORK = 64
"""Values that may be met for each opcode, counting shared ones each time they are used."""

_KEYS = frozenset({"int", "int_or_bool", "str", "bytes_or_str"})
"""What a key may be, by pickletools' names of kinds of values."""
_SCALARS = _KEYS | {"bytes", "bytearray", "None", "bool", "float"}
_ASIDE = frozenset({"PROTO", "FRAME", "STOP"})
_PUT = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_GET = frozenset({"GET", "BINGET", "LONG_BINGET"})
_INTO = {"APPEND": 1, "APPENDS": None, "SETITEM": 2, "SETITEMS": None, "ADDITEMS": None, "BUILD": 1}
"""Opcodes that change a value, and how many they put into it; None: all above the mark."""
_MADE = {
    "TUPLE": None, "LIST": None, "DICT": None, "FROZENSET": None, "TUPLE1": 1, "TUPLE2": 2,
    "TUPLE3": 3, "REDUCE": 2, "NEWOBJ": 2, "BINPERSID": 1, "STACK_GLOBAL": 2,
}  # fmt: skip
"""Opcodes that make a value of others, and of how many."""
_REFUSED = frozenset(
    {"INST", "OBJ", "NEWOBJ_EX", "PERSID", "EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"}
)
"""Opcodes that no file of weights needs."""
_NEVER = frozenset(
    {
        "builtins bytearray",  # of any size, from a number
        "torch._utils _rebuild_nested_tensor",  # with offsets that nobody compares with the data
        "torch._utils _rebuild_wrapper_subclass",  # without any data
    }
)
"""What torch would call, and no file of weights needs."""

_LEGACY = 5
"""Pickles at the start of a file that `torch.save` wrote before 1.6: a number to know it by, a
version, facts of the machine, the values, the keys of the storages."""


@dataclass(slots=True)
class _Value:
    """What is known of a value: whether it may be a key, how many values it holds, with shared
    ones counted each time, how deep they are, and whether it is part of another."""

    key: bool = False
    size: int = 1
    depth: int = 0
    used: bool = False


_KEY, _SCALAR = _Value(key=True), _Value()
"""Stand for all the values that hold no others: there may be millions."""


def require_plain(file: Any) -> None:
    """Read one pickle from a binary file, up to its end, and look at every opcode.

    Raises:
        UnpicklingError: it has keys that are neither text nor whole numbers, is nested too deeply,
            means far more values than it has bytes, or asks for what weights do not need.
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
            raise UnpicklingError(f"it asks for {given if name == 'GLOBAL' else name}")
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
                    raise UnpicklingError("it takes more values than there are")
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
                raise UnpicklingError("its values hold each other too many times over")
        else:
            stack.append(_of(opcode.stack_after[0].name, given))


def _put(into: _Value, parts: Sequence[_Value]) -> int:
    """Make values part of another; gives how many values they hold."""
    for part in parts:
        part.used = True
    if into.used:  # what holds it would grow unseen
        raise UnpicklingError("it changes a value that is already part of another")
    size = sum(part.size for part in parts)
    into.size += size
    into.depth = max(into.depth, 1 + max((part.depth for part in parts), default=-1))
    if into.depth > DEEPEST:
        raise UnpicklingError(f"its values are nested more than {DEEPEST} deep")
    return size


def _of(kind: str, given: object) -> _Value:
    """A value that an opcode gives by itself."""
    if isinstance(given, int) and given.bit_length() > 8 * WIDEST:
        raise UnpicklingError(f"it has a whole number of {given.bit_length() // 8} bytes")
    if kind not in _SCALARS:
        return _Value()
    return _KEY if kind in _KEYS else _SCALAR


def _require_keys(keys: Sequence[_Value]) -> None:
    if not all(one.key for one in keys):
        raise UnpicklingError("it has keys that are neither text nor whole numbers")


def require_plain_checkpoint(path: Path) -> None:
    """The same for what `torch.save` wrote, in its archive of today or as before 1.6.

    Raises:
        UnpicklingError: a pickle of it is not plain, or its archive means more than it holds.
        Exception: it is damaged.
    """
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            file.seek(0)
            for _ in range(_LEGACY):
                require_plain(file)
            return
        with ZipFile(file) as archive:
            members = archive.infolist()
            size = path.stat().st_size
            # Compressed or stored over each other, a few bytes would fill the memory.
            if any(one.compress_type != ZIP_STORED for one in members):
                raise UnpicklingError("its archive is compressed")
            if sum(one.file_size for one in members) > size:
                raise UnpicklingError("its archive holds more than the file has bytes")
            for one in members:
                if one.filename.lower().endswith(".pkl"):
                    require_plain(BytesIO(archive.read(one)))
