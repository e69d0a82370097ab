"""Pickles that would keep a reader busy for ever, or fill the memory, are refused before that."""

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from reenactor.errors import WeightsError
from reenactor.weights import opcodes
from reenactor.weights.opcodes import require_safe_checkpoint, require_safe_pickle
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.networks.numpy_pickle import load_arrays

LEVELS = 60
"""Each holds the one below twice: 2^60 values in some hundred bytes."""


TUPLES = b")q\x00" + b"".join(
    bytes([*b"h", i, *b"\x86q", i + 1]) for i in range(LEVELS)
)  # each step leaves the value before on the stack, and takes it as the first of two
LISTS = b"]q\x00" + b"".join(bytes([*b"](h", i, *b"h", i, *b"eq", i + 1]) for i in range(LEVELS))
DICTS = b"}q\x00" + b"".join(
    bytes([*b"}(K\x00h", i, *b"K\x01h", i, *b"uq", i + 1]) for i in range(LEVELS)
)
ORDERED = b"]q\x00" + b"".join(
    bytes([*b"ccollections\nOrderedDict\nh", i, *b"h", i, *b"\x86Rq", i + 1]) for i in range(LEVELS)
)
STORAGES = b")q\x00" + b"".join(bytes([*b"h", i, *b"\x86Qq", i + 1]) for i in range(LEVELS))
GROWN = (  # the outer list first, so that each is small when it becomes part of another
    b"".join(bytes([*b"]q", i]) for i in range(LEVELS))
    + b"".join(
        bytes([*b"h", i, *b"(h", i - 1, *b"h", i - 1, *b"e0"]) for i in range(LEVELS - 1, 0, -1)
    )
)


def entry(key: bytes, value: bytes = b"N") -> bytes:
    """A mapping with one entry."""
    return b"\x80\x02}" + key + value + b"s."


BOMBS = {
    "a key of tuples": entry(TUPLES),
    "a key of tuples among others": b"\x80\x02}(" + TUPLES + b"Nu.",
    "a key of tuples from a mark": b"\x80\x02(" + TUPLES + b"Nd.",
    "values of tuples": entry(b"K\x00", TUPLES),
    "values of lists": entry(b"K\x00", LISTS),
    "values of mappings": entry(b"K\x00", DICTS),
    "values of calls": entry(b"K\x00", ORDERED),
    "names of storages": entry(b"K\x00", STORAGES),
    "lists that grow later": entry(b"K\x00", GROWN + bytes([ord("h"), LEVELS - 1])),
    "a list that holds itself": entry(b"K\x00", b"]q\x00h\x00a"),
    "a set of tuples": b"\x80\x04\x8f(" + TUPLES + b"\x90.",
    "a frozen set of tuples": b"\x80\x04(" + TUPLES + b"\x91.",
    "what it calls": entry(b"K\x00", TUPLES + b")R"),
    "a small tuple": entry(b"K\x00K\x01\x86"),
    "no key at all": entry(b"N"),
    "a number with a point": entry(b"G" + bytes(8)),
    "deep tuples": entry(b"K\x00", b")" + b"\x85" * 100_000),
    "deep lists": entry(b"K\x00", b"]" * 100_000 + b"a" * 99_999),
    "a number of a megabyte": entry(
        b"K\x00", b"\x8b" + struct.pack("<i", 1 << 20) + b"\1" * (1 << 20)
    ),
    "a number of 5000 digits": entry(b"K\x00", b"L" + b"9" * 4000 + b"L\n"),
    "a bytearray of any size": entry(b"K\x00", b"cbuiltins\nbytearray\nJ\xff\xff\xff\x7f\x85R"),
}


def zipped(pickled: bytes, **how: Any) -> bytes:
    """As torch saves today."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **how) as archive:
        archive.writestr("a/data.pkl", pickled)
        archive.writestr("a/version", "3\n")
    return out.getvalue()


def legacy(pickled: bytes) -> bytes:
    """As torch saved before 1.6."""
    facts: dict[str, Any] = {}
    head = (pickle.dumps(one, 2) for one in (0x1950A86A20F9469CFC6C, 1001, facts))
    return b"".join([*head, pickled, pickle.dumps([], 2)])


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_before_they_are_read(bomb: str) -> None:
    with pytest.raises(pickle.UnpicklingError):
        require_safe_pickle(io.BytesIO(BOMBS[bomb]))


@pytest.mark.parametrize("bomb", ["a key of tuples", "values of lists", "deep tuples"])
@pytest.mark.parametrize(
    ("name", "wrap", "load"),
    [
        ("x.pth", zipped, load_tensors),
        ("x.pt", legacy, load_tensors),
        ("x.pkl", bytes, load_arrays),
    ],
)
def test_bombs_in_files(
    tmp_path: Path,
    bomb: str,
    name: str,
    wrap: Callable[[bytes], bytes],
    load: Callable[[Path], object],
) -> None:
    (tmp_path / name).write_bytes(wrap(BOMBS[bomb]))
    with pytest.raises(WeightsError, match="without executing code") as caught:
        load(tmp_path / name)
    assert len(str(caught.value)) < 1000


def test_a_pickle_in_front_of_the_values_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "x.pth").write_bytes(BOMBS["a key of tuples"] + legacy(b"\x80\x02}."))
    with pytest.raises(pickle.UnpicklingError):
        require_safe_checkpoint(tmp_path / "x.pth")


def test_an_archive_of_more_than_its_bytes_is_refused(tmp_path: Path) -> None:
    plain = b"\x80\x02}."
    (tmp_path / "sound.pth").write_bytes(zipped(plain))
    require_safe_checkpoint(tmp_path / "sound.pth")
    (tmp_path / "small.pth").write_bytes(zipped(plain, compression=zipfile.ZIP_DEFLATED))
    with pytest.raises(pickle.UnpicklingError, match="compressed"):
        require_safe_checkpoint(tmp_path / "small.pth")


def test_members_over_each_other_are_refused(tmp_path: Path) -> None:
    """Twenty entries of the directory that lead to the same megabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/data.pkl", b"\x80\x02}.")
        archive.writestr("a/data/0", bytes(1 << 20))
        (one,) = [info for info in archive.infolist() if info.filename == "a/data/0"]
        archive.filelist += [one] * 19
    (tmp_path / "x.pth").write_bytes(out.getvalue())
    with pytest.raises(pickle.UnpicklingError, match="more than the file"):
        require_safe_checkpoint(tmp_path / "x.pth")


def test_endless_opcodes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opcodes, "MOST_STEPS", 1000)
    require_safe_pickle(io.BytesIO(b"N0" * 499 + b"N."))
    with pytest.raises(pickle.UnpicklingError, match="1000 opcodes"):
        require_safe_pickle(io.BytesIO(b"N0" * 600 + b"N."))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_data_pass(protocol: int) -> None:
    """What trainings save, shared values and numbers as keys included."""
    shared = ["a", (1, 2.5, None, True)] * 50
    held = {
        "state": {i: {"step": i, "name": f"layer{i}"} for i in range(300)},
        "groups": [{"params": list(range(300)), "betas": (0.9, 0.999), "of": shared}] * 20,
        "seed": 2**64 - 1,
        "ordered": OrderedDict(a=shared, b=b"bytes"),
        -1: "a number",
    }
    require_safe_pickle(io.BytesIO(pickle.dumps(held, protocol)))


@pytest.mark.parametrize("new", [True, False])
def test_checkpoints_pass(tmp_path: Path, new: bool) -> None:
    network = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.BatchNorm1d(3))
    optimizer = torch.optim.Adam(network.parameters())
    network(torch.ones(2, 3)).sum().backward()
    optimizer.step()
    held = {"state_dict": network.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}
    torch.save(held, tmp_path / "x.pth", _use_new_zipfile_serialization=new)
    require_safe_checkpoint(tmp_path / "x.pth")
    assert load_tensors(tmp_path / "x.pth").keys() == network.state_dict().keys()


class Hiding:
    """Asks for an OrderedDict, or a tensor, with attributes in place of its methods."""

    def __init__(self, *reduced: Any) -> None:
        self.reduced = reduced

    def __reduce__(self) -> tuple[Any, ...]:
        return self.reduced


def test_attributes_that_hide_methods_change_nothing(tmp_path: Path) -> None:
    hidden = dict.fromkeys(("numel", "untyped_storage", "new_empty", "to"), 5)
    values = torch.arange(3.0)
    rebuild = torch._utils._rebuild_parameter_with_state
    held = Hiding(
        OrderedDict,
        (),
        dict.fromkeys(("items", "get", "keys", "values"), 5),
        None,
        iter([("a", Hiding(rebuild, (values, False, OrderedDict(), hidden)))]),
    )
    torch.save(held, tmp_path / "x.pth")
    (found,) = load_tensors(tmp_path / "x.pth").items()
    assert found[0] == "a"
    assert found[1].to(torch.float64).tolist() == [0, 1, 2]


def test_names_are_shortened_in_messages(tmp_path: Path) -> None:
    torch.save({"a\x1b[31m" + "b" * 10_000: torch.tensor(torch.nan)}, tmp_path / "x.pth")
    with pytest.raises(WeightsError) as caught:
        load_tensors(tmp_path / "x.pth")
    assert "bbb" in caught.value.given
    assert "\x1b" not in caught.value.given
    assert len(caught.value.given) < 500
