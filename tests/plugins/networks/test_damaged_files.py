"""Files of weights that are damaged or made to harm: one clear error, and nothing is executed."""

import io
import json
import os
import pickle
import struct
import tarfile
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch import nn
from torch._utils import _rebuild_parameter, _rebuild_qtensor, _rebuild_tensor_v2

from reenactor.errors import WeightsError
from reenactor_plugins.networks.checkpoint import from_state_dict, load_checkpoint

TIMES = 36
"""Mutations of each kind of file."""


def make() -> nn.Module:
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3))


def tensors() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {
        key: torch.rand(value.shape, generator=generator) if value.is_floating_point() else value
        for key, value in make().state_dict().items()
    }


def arrays() -> dict[str, np.ndarray]:
    return {key: value.numpy() for key, value in tensors().items()}


def saved(**how: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(tensors(), buffer, **how)
    return buffer.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "zip.pth": saved,
    "legacy.pth": lambda: saved(_use_new_zipfile_serialization=False),
    "two.pkl": lambda: pickle.dumps(arrays(), protocol=2),
    "four.pkl": lambda: pickle.dumps(arrays(), protocol=4),
    "five.pkl": lambda: pickle.dumps(arrays(), protocol=5),
    "a.safetensors": lambda: save(tensors(), {"reenactor": json.dumps({"component": "net"})}),
}


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """A file cut off, with bytes changed, left out, doubled or put in."""
    at = int(random.integers(len(data)))
    if random.random() < 0.5:  # the head says what the rest is
        at = int(random.integers(min(len(data), 600)))
    length = int(random.integers(1, 12))
    some = random.bytes(length)
    return [
        data[:at],
        data[:at] + some + data[at + length :],
        data[:at] + bytes([data[at] ^ 1 << int(random.integers(8))]) + data[at + 1 :],
        data[:at] + data[at + length :],
        data[:at] + some + data[at:],
        data[:at] + b"\xff" * length + data[at + length :],
        data[:at] + bytes(length) + data[at + length :],
    ][int(random.integers(7))]


def loads_or_says(file: Path) -> bool:
    """Whether the file gives a network of finite numbers; any error but ours is raised."""
    try:
        network = from_state_dict(make, load_checkpoint(file, "weights", "net"), "net")
    except WeightsError as error:
        return not error.given
    for key, value in network.state_dict().items():
        assert value.shape == make().state_dict()[key].shape
        assert bool(torch.isfinite(value).all())
    network.eval()(torch.ones(1, 2, 5, 5))
    return True


@pytest.mark.parametrize("name", FILES)
def test_sound_files_load(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name]())
    network = from_state_dict(make, load_checkpoint(tmp_path / name, "weights", "net"), "net")
    for key, value in tensors().items():
        torch.testing.assert_close(network.state_dict()[key], value)


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_told(tmp_path: Path, name: str) -> None:
    data, random = FILES[name](), np.random.default_rng(len(name))
    for turn in range(TIMES):
        file = tmp_path / f"{turn}-{name}"
        file.write_bytes(mutated(data, random))
        loads_or_says(file)


class Calls:
    """Asks the reader to call something."""

    def __init__(self, function: Any, *given: Any) -> None:
        self.function, self.given = function, given

    def __reduce__(self) -> tuple[Any, ...]:
        return self.function, self.given


class _Pickler(pickle.Pickler):
    def persistent_id(self, what: Any) -> Any:
        return what if isinstance(what, tuple) and what[:1] == ("storage",) else None


def zipped(**changes: Any) -> bytes:
    """A .pth whose tensor "0.bias" (3 numbers) is described otherwise than it should be."""
    said = {
        "kind": torch.FloatStorage, "key": "0", "place": "cpu", "count": 3,
        "offset": 0, "size": (3,), "stride": (1,), "grad": False, **changes,
    }  # fmt: skip
    storage = ("storage", said["kind"], said["key"], said["place"], said["count"])
    given: Any = (
        storage,
        said["offset"],
        said["size"],
        said["stride"],
        said["grad"],
        OrderedDict(),
    )
    one = changes.get("whole") or Calls(_rebuild_tensor_v2, *given)
    pickled = io.BytesIO()
    _Pickler(pickled, 2).dump({"0.bias": one})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/data.pkl", changes.get("pickle") or pickled.getvalue())
        archive.writestr("a/byteorder", changes.get("order", "little"))
        archive.writestr("a/data/0", changes.get("data", bytes(12)))
        archive.writestr("a/version", "3\n")
    return out.getvalue()


def of_torch() -> Iterator[bytes]:
    """Zip archives with odd storages."""
    yield from (zipped(count=count) for count in (0, 2, 4, 10**15, -3, 2.5, None, "3", (3,), [3]))
    yield from (zipped(size=size) for size in ((4,), (-3,), (2**62, 8), "3", None, 3, (3.0,)))
    yield from (zipped(stride=s) for s in ((-1,), (10**9,), (1, 1), (), None, "x", ("1",)))
    yield from (zipped(offset=o) for o in (1, -1, 10**18, None, "0", 0.5))
    yield from (zipped(key=key) for key in ("9", "../0", "", 0, None, "data.pkl"))
    yield from (zipped(place=p) for p in ("meta", "cuda", "mps", "nowhere", None, 7, "cpu:99"))
    yield from (
        zipped(kind=kind)
        for kind in (torch.IntStorage, torch.LongStorage, torch.ComplexFloatStorage, torch.float32,
                     torch.BoolStorage, "FloatStorage", None, dict)
    )  # fmt: skip
    yield from (zipped(data=data) for data in (b"", bytes(11), bytes(13), bytes(10**5)))
    yield from (zipped(data=struct.pack("<3f", *v)) for v in ((np.nan, 0, 0), (0, np.inf, 0)))
    yield from (zipped(order=order) for order in ("big", "middle", ""))
    yield zipped(size=(10**12,), stride=(0,))
    yield from (zipped(pickle=p) for p in (b"", b".", b"\x80\x02h\x65.", b"\x80\x02}q\x00K\x01b."))
    yield from (
        zipped(pickle=b"\x80\x02" + code)
        for code in (b"h\x65.", b"(((.", b"]" * 5000 + b".", b"\x8a\xff\xff\xff\xff.", b"N(Nb.",
                     b"ctorch\nload\n.", b"ccollections\nOrderedDict\n)R}b.", b"K\x01K\x02s.")
    )  # fmt: skip
    yield zipped(whole=Calls(_rebuild_parameter, 5, True, OrderedDict()))
    yield zipped(whole=torch.nn.Parameter)
    yield zipped(whole=Calls(_rebuild_qtensor, 1, 2, 3, 4, 5, 6, 7))
    for odd in (
        torch.eye(3).to_sparse(),
        torch.zeros(3, device="meta"),
        torch.zeros(3, dtype=torch.int32),
        torch.zeros(3, dtype=torch.complex64),
        torch.zeros(3, dtype=torch.float8_e5m2),
        torch.zeros(1).expand(3),
        torch.zeros(()),
        {"deeper": torch.zeros(3)},
        [torch.zeros(3)],
        "text",
        None,
    ):
        for zip_or_not in (True, False):
            buffer = io.BytesIO()
            torch.save({"0.bias": odd}, buffer, _use_new_zipfile_serialization=zip_or_not)
            yield buffer.getvalue()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name in ("pickle", "storages", "tensors", "sys_info"):
            tar.addfile(tarfile.TarInfo(name))
    yield archive.getvalue()


def array(**changes: Any) -> bytes:
    """A .pkl whose array "0.bias" (3 numbers) is described otherwise than it should be."""
    rebuild = np.zeros(0).__reduce__()[0]
    kind = changes.get("kind", Calls(np.dtype, "f4", False, True))
    state = (1, changes.get("shape", (3,)), kind, changes.get("order", False),
             changes.get("data", bytes(12)))  # fmt: skip

    class Array:
        def __reduce__(self) -> tuple[Any, ...]:
            given = changes.get("given", (np.ndarray, (0,), b"b"))
            return rebuild, given, changes.get("state", state)

    return pickle.dumps({"0.bias": Array()}, protocol=changes.get("protocol", 2))


def of_numpy() -> Iterator[bytes]:
    """Pickles with odd arrays."""
    yield from (
        pickle.dumps({"0.bias": odd})
        for odd in (
            np.array(["a", None, 3], object),
            np.array(["a", "b", "c"]),
            np.zeros(3, "S4"),
            np.zeros(3, "M8[s]"),
            np.zeros(3, [("x", "f4")]),
            np.zeros(3, np.longdouble),
            np.zeros(3, np.complex64),
            np.zeros(3, np.uint16),
            np.zeros(3, ">f4"),
            np.zeros(3, "i4"),
            np.full(3, np.nan, np.float32),
            np.float32(3),
            np.ma.zeros(3),
            [1.0, 2.0, 3.0],
            b"abc",
        )
    )
    yield from (array(shape=s) for s in ((4,), (-3,), (2**70,), "3", None, 3, (3.5,), ((3,),)))
    yield from (array(data=d) for d in (b"", bytes(11), 12, None, [1, 2, 3], "\u1234" * 12))
    yield from (array(order=order) for order in (True, None, "F", 7))
    yield from (array(state=state) for state in (None, (), 5, (1, 2), "state", {"shape": (3,)}))
    yield from (
        array(given=given)
        for given in ((None,), (np.ndarray, (10**12,), b"f8"), (5,), (dict, (0,)))
    )
    yield from (
        array(kind=kind)
        for kind in (
            Calls(np.dtype, "O"), Calls(np.dtype, "V8"), Calls(np.dtype, "f16"), 5, None, "f4",
            Calls(np.dtype, "x"), Calls(np.dtype, ""), Calls(np.dtype, "f4,f4"),
        )
    )  # fmt: skip
    yield pickle.dumps({"0.bias": Calls(np.ndarray, (10**11,), "O")})
    yield from (
        b"\x80\x02" + code
        for code in (
            b"r\xff\xff\xff\x7f.", b"(((.", b"]" * 5000 + b".", b"\x8a\xff\xff\xff\xff.", b"N(Nb.",
            b"cnumpy\ndtype\n}R.", b"cnumpy\ndtype\n)R}b.", b"c_codecs\nencode\nX\x01\x00\x00\x00a"
            b"X\x05\x00\x00\x00rot13\x86R.", b"\x82\x01.", b"P1\n.", b"h\x65.", b"K\x01.",
            b"\x96" + b"\xff" * 7 + b"\x00.", b"B\xff\xff\xff\xff.",
            b"cnumpy\ndtype\n)\x81.", b"]}s.", b"}]K\x01s.", b"cnumpy\ndtype\n}X\x08\x00\x00\x00"
            b"__code__K\x01sb.",
        )
    )  # fmt: skip


def of_safetensors() -> Iterator[bytes]:
    """Headers that say what is not so."""

    def file(header: bytes, data: bytes = bytes(12), length: int | None = None) -> bytes:
        return struct.pack("<Q", len(header) if length is None else length) + header + data

    def one(**changes: Any) -> bytes:
        said = {"dtype": "F32", "shape": [3], "data_offsets": [0, 12], **changes}
        return file(json.dumps({"0.bias": said}).encode())

    yield from (one(dtype=d) for d in ("F8_E4M3", "F8_E8M0", "I32", "C64", "U16", "X9", 5, "F64"))
    yield from (one(shape=s) for s in ([4], [-3], [2**63], "3", None, [3.5], [[3]], [2**40] * 3))
    yield from (one(data_offsets=o) for o in ([0, 13], [12, 0], [0], [4, 16], "x", [-1, 11]))
    yield from (file(header) for header in (b"", b"{}", b"[]", b"{", b"null", b"\xff" * 9))
    yield file(b"[" * 100_000)
    yield from (file(b"{}", length=length) for length in (0, 3, 2**40, 2**64 - 1))
    deep = "[" * 30_000 + "]" * 30_000
    for said in (deep, "5", "[1]", '{"component": 5, "network": [1]}', '{"network": {"size": {}}}'):
        yield save(tensors(), {"reenactor": said})
    yield save({**tensors(), "0.bias": torch.tensor([0, np.nan, 0])})


ODD = [
    *(("x.pth", data) for data in of_torch()),
    *(("x.pkl", data) for data in of_numpy()),
    *(("x.safetensors", data) for data in of_safetensors()),
]


@pytest.mark.parametrize("place", range(len(ODD)))
def test_files_made_by_hand_are_told(tmp_path: Path, place: int) -> None:
    name, data = ODD[place]
    (tmp_path / name).write_bytes(data)
    loads_or_says(tmp_path / name)


@pytest.mark.parametrize("name", ["x.pth", "x.pt", "x.pkl", "x.PKL", "x.safetensors"])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_nothing_is_executed(
    tmp_path: Path, name: str, protocol: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, call in enumerate(
        (Calls(os.mkdir, "sprung"), Calls(eval, "open('sprung', 'w')"), Calls(print, "sprung"))
    ):
        file = tmp_path / f"{number}{name}"
        for data in (
            pickle.dumps({"0.bias": call}, protocol=protocol),
            zipped(pickle=pickle.dumps({"0.bias": call}, protocol=protocol)),
        ):
            file.write_bytes(data)
            assert not loads_or_says(file)
    assert not (tmp_path / "sprung").exists()
