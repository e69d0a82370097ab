import io
import json
import multiprocessing
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

from reenactor.errors import InputError
from reenactor.labels import PALETTE
from reenactor.training import Example, ExampleInfo
from reenactor.training.shards import Shards, write_shard
from reenactor.values import Dense, Parsing, Skeleton

SIZE = (48, 30)


def example(name: str, bare: bool = False) -> Example:
    """A smooth picture of its own, every label, key points with fractions."""
    random = torch.Generator().manual_seed(sum(name.encode()))
    rows, columns = torch.meshgrid(torch.arange(48), torch.arange(30), indexing="ij")
    image = torch.stack([rows * 5, columns * 8, (rows + columns) * 3], -1).to(torch.uint8)[None]
    part = ((rows + columns) % 25).to(torch.uint8)[None]
    uv = torch.randint(0, 256, (1, 2, *SIZE), generator=random) / 255
    skeleton = Skeleton(
        torch.rand(1, 25, 3, generator=random) * torch.tensor([300.0, 500, 1]),
        torch.rand(1, 2, 21, 3, generator=random),
        torch.rand(1, 70, 3, generator=random),
        None if bare else torch.rand(1, 25, 3, generator=random) - 0.5,
    )
    return Example(
        entry=ExampleInfo(name, "somebody", "take", 7, ""),
        image=image,
        parsing=Parsing((columns % 22).to(torch.uint8)[None]),
        skeleton=skeleton,
        dense=None if bare else Dense(part, uv),
        background=None if bare else image.flip(1),
        face_box=None if bare else torch.tensor([[1.5, 2, 3, 4]]),
    )


def folder_of(folder: Path, *shards: list[Example], items: int | None = None) -> Path:
    """Shards, and as much of a state as readers look at."""
    folder.mkdir(exist_ok=True)
    listed = []
    for number, examples in enumerate(shards):
        name = f"shard-{number:05d}.zip"
        assert write_shard(folder / name, examples) == len(examples)
        listed.append({"file": name, "items": len(examples)})
    items = sum(map(len, shards)) if items is None else items
    state = {"version": 1, "canvas": list(SIZE), "items": items, "shards": listed}
    (folder / "shards.json").write_text(json.dumps(state))
    return folder


def test_round_trip(tmp_path: Path) -> None:
    before, bare = example("d/a"), example("d/b", bare=True)
    found, found_bare = Shards([folder_of(tmp_path / "s", [before, bare])])
    assert found.entry == before.entry
    assert (found.image.int() - before.image.int()).abs().max() <= 6  # JPEG
    assert (found.image.float() - before.image.float()).abs().mean() < 1
    assert torch.equal(found.parsing.labels, before.parsing.labels)
    assert found.dense is not None
    assert before.dense is not None
    assert torch.equal(found.dense.part, before.dense.part)
    assert torch.allclose(found.dense.uv, before.dense.uv, atol=1e-6)
    for field in ("body", "hands", "face", "world"):
        was, now = getattr(before.skeleton, field), getattr(found.skeleton, field)
        assert now.shape == was.shape
        assert (now - was).abs().max() < 6e-4, field
    assert found.background is not None
    assert found.background.shape == (1, *SIZE, 3)
    assert found.face_box is not None
    assert found.face_box.tolist() == [[1.5, 2, 3, 4]]
    assert found.canvas == SIZE
    absent = (found_bare.dense, found_bare.background, found_bare.face_box)
    assert absent == (None, None, None)
    assert found_bare.skeleton.world is None


def test_yaws_and_photos_are_kept_and_older_shards_have_none(tmp_path: Path) -> None:
    turned = example("d/a")
    turned = replace(turned, entry=replace(turned.entry, yaw=-123.25, photo=True))
    folder = folder_of(tmp_path / "s", [turned])
    shards = Shards([folder])
    assert shards[0].entry == shards.entries[0] == turned.entry
    older = {"name": "d/a", "person": "p", "source": "s", "frame": 1, "pose": ""}
    entry = remade(folder, meta=altered("entry", value=older))[0].entry
    assert (entry.yaw, entry.photo) == (None, False)


def test_files_are_what_other_programs_expect(tmp_path: Path) -> None:
    one = example("d/a")
    folder = folder_of(tmp_path / "s", [one])
    with zipfile.ZipFile(folder / "shard-00000.zip") as file:
        assert file.testzip() is None
        assert file.namelist()[-1] == "index.json"
        parsing = Image.open(io.BytesIO(file.read("000000/parsing.png")))
        iuv = np.frombuffer(file.read("000000/dense.png"), np.uint8)
    assert parsing.convert("RGB").getpixel((5, 0)) == PALETTE[5]
    # DensePose: read by OpenCV, the first channel is I, the second U, the third V.
    picture: Any = cv2.imdecode(iuv, cv2.IMREAD_COLOR)
    assert one.dense is not None
    assert np.array_equal(picture[..., 0], one.dense.part[0].numpy())
    assert np.array_equal(picture[..., 1], (one.dense.uv[0, 0] * 255).round().numpy())


def test_the_same_examples_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder_of(tmp_path / name, [example("d/a"), example("d/b")])
    first, second = ((tmp_path / n / "shard-00000.zip").read_bytes() for n in ("a", "b"))
    assert first == second


def test_what_is_not_seen_is_zero(tmp_path: Path) -> None:
    one = example("d/a")
    one.skeleton.body[0, 3] = torch.tensor([torch.nan, 5.0, 0.0])
    found = Shards([folder_of(tmp_path / "s", [one])])[0]
    assert found.skeleton.body[0, 3].tolist() == [0, 0, 0]


def test_folders_one_after_another_and_parts_of_them(tmp_path: Path) -> None:
    a = folder_of(tmp_path / "a", [example("x/1"), example("x/2")], [example("x/3")])
    b = folder_of(tmp_path / "b", [example("y/1")])
    shards = Shards([a, b])
    assert len(shards) == 4
    assert [entry.name for entry in shards.entries] == ["x/1", "x/2", "x/3", "y/1"]
    assert shards[2].entry.name == "x/3"
    assert shards[-1].entry.name == "y/1"
    assert [e.entry.name for e in shards.only(["x/[12]", "y/*"])] == ["x/1", "x/2", "y/1"]
    assert [entry.name for entry in shards.without(["x/[12]"]).entries] == ["x/3", "y/1"]
    assert [entry.name for entry in shards[1:3].entries] == ["x/2", "x/3"]
    assert len(shards.where(lambda entry: entry.person == "nobody")) == 0
    with pytest.raises(IndexError):
        shards[4]


def test_patterns_know_capital_letters(tmp_path: Path) -> None:
    shards = Shards([folder_of(tmp_path / "a", [example("x/A"), example("x/a")])])
    assert [entry.name for entry in shards.only(["x/A"]).entries] == ["x/A"]


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="processes cannot be forked here"
)
def test_processes_read_at_once(tmp_path: Path) -> None:
    examples = [example(f"d/{number}") for number in range(12)]
    shards = Shards([folder_of(tmp_path / "s", examples[:5], examples[5:])])
    shards[3]  # whatever reading leaves behind must not harm the processes
    again: Shards = pickle.loads(pickle.dumps(shards))  # noqa: S301 - our own
    loader: Any = DataLoader(
        again,  # type: ignore[arg-type]  # torch wants its own class, and only uses these methods
        batch_size=4,
        num_workers=2,
        collate_fn=_names,
        multiprocessing_context="fork",
    )
    assert [n for names in loader for n in names] == [e.entry.name for e in examples]


def _names(batch: list[Example]) -> list[str]:
    return [example.entry.name for example in batch]


def test_an_unfinished_folder_says_so(tmp_path: Path) -> None:
    done = folder_of(tmp_path / "a", [example("x/1")])
    halted = folder_of(tmp_path / "b", [example("y/1")], items=9)
    shards = Shards([done, halted])
    assert shards.unfinished == (halted,)
    assert shards.only(["y/*"]).unfinished == (halted,)
    assert len(shards) == 2


def compressed(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("index.json", "{}" * 100)


def foreign(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("holiday.txt", "sun")


def odd_index(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("index.json", '{"version": 1, "examples": [{"entry": {"nme": 1}}]}')


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.unlink(), "file not found"),
        (lambda path: path.write_bytes(b"no zip"), "is no shard"),
        (lambda path: path.write_bytes(path.read_bytes()[:2000]), "is no shard"),
        (compressed, "compressed"),
        (foreign, "no index.json"),
        (odd_index, r"index\.json: examples\.0\.entry"),
    ],
)
def test_a_bad_shard_is_named(tmp_path: Path, harm: Callable[[Path], object], told: str) -> None:
    folder = folder_of(tmp_path / "s", [example("x/1")])
    path = folder / "shard-00000.zip"
    harm(path)
    with pytest.raises(InputError, match=told) as caught:
        Shards([folder])
    assert str(path) in str(caught.value)


def test_a_damaged_example_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "s", [example("x/1"), example("x/2")])
    path = folder / "shard-00000.zip"
    data = bytearray(path.read_bytes())
    data[data.index(b"000001/image.jpg") + 200] ^= 255
    path.write_bytes(data)
    shards = Shards([folder])
    assert shards[0].entry.name == "x/1"
    with pytest.raises(InputError, match=r"000001/image\.jpg is damaged") as caught:
        shards[1]
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        '"\\udcff"',
        "[]",
        '{"version": 1}',
        '{"version": 1, "canvas": "48x30", "items": 1, "shards": []}',
        '{"version": 1, "canvas": [48, 30], "items": null, "shards": []}',
        '{"version": 1, "canvas": [48, 30], "items": 1, "shards": {"0": 1}}',
        '{"version": 1, "canvas": [48, 30], "items": 1, "shards": [{"file": 7, "items": 1}]}',
        '{"version": 1, "canvas": [48, 30], "items": 1, "shards": '
        '[{"file": "../shard-00000.zip", "items": 1}]}',
    ],
)
def test_a_damaged_state_is_told(tmp_path: Path, content: str) -> None:
    folder = folder_of(tmp_path / "s", [example("x/1")])
    (folder / "shards.json").write_text(content)
    with pytest.raises(InputError, match=r"shards\.json"):
        Shards([folder])


def remade(folder: Path, **changes: bytes | Callable[[bytes], bytes]) -> Shards:
    """The same shard with other contents of its members, by their names without an ending."""
    path = folder / "shard-00000.zip"
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            change = changes.get(Path(name).stem, content)
            file.writestr(name, change(content) if callable(change) else change)
    return Shards([folder])


def altered(*keys: Any, value: Any) -> Callable[[bytes], bytes]:
    """Another value at some place of a JSON document."""

    def change(content: bytes) -> bytes:
        document: Any = json.loads(content)
        inner = document
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value
        return json.dumps(document).encode()

    return change


@pytest.mark.parametrize(
    "change",
    [
        b"",
        b"[" * 100_000,
        altered("skeleton", value=None),
        altered("skeleton", "body", value=[[0, 0, 0]] * 24),
        altered("skeleton", "body", 3, value=[0, 0]),
        altered("skeleton", "face", 0, 0, value=float("nan")),
        altered("skeleton", "hands", value=[]),
        altered("skeleton", "world", value="here"),
        altered("face_box", value=[1, 2]),
        altered("entry", value={"name": "x/1"}),
        altered("entry", "frame", value="seven"),
    ],
)
def test_what_is_known_of_an_example_must_be_whole(
    tmp_path: Path, change: bytes | Callable[[bytes], bytes]
) -> None:
    shards = remade(folder_of(tmp_path / "s", [example("x/1")]), meta=change)
    with pytest.raises(InputError, match=r"shard-00000\.zip"):
        shards[0]


def png(pixels: np.ndarray[Any, np.dtype[np.uint8]], mode: str) -> bytes:
    file = io.BytesIO()
    picture = Image.fromarray(pixels)
    if mode == "P":
        picture = Image.fromarray(pixels, "L")
        picture.putpalette(range(256))
    picture.save(file, "PNG")
    return file.getvalue()


def test_pictures_of_an_example_must_fit(tmp_path: Path) -> None:
    def refused(name: str, told: str, **changes: bytes) -> None:
        shards = remade(folder_of(tmp_path / name, [example("x/1")]), **changes)
        with pytest.raises(InputError, match=told):
            shards[0]

    refused("a", "different sizes", parsing=png(np.zeros((40, 30), np.uint8), "P"))
    refused("b", "label 22", parsing=png(np.full(SIZE, 22, np.uint8), "P"))
    refused("c", "part 25", dense=png(np.full((*SIZE, 3), 25, np.uint8), "RGB"))
    refused("d", "cannot be read", image=b"no picture")
    # EPS is a program for another program: it is not even looked at.
    refused("e", "damaged", parsing=b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 30 48\n")


def test_examples_of_another_canvas_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "s", [example("x/1")])
    state = json.loads((folder / "shards.json").read_text())
    (folder / "shards.json").write_text(json.dumps({**state, "canvas": [64, 40]}))
    with pytest.raises(InputError, match="another canvas"):
        Shards([folder])[0]


def test_a_member_that_claims_more_than_the_file_has(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "s", [example("x/1")])
    path = folder / "shard-00000.zip"
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")  # the first of the table: sizes at 20 and 24
    data[entry + 20 : entry + 28] = b"\xff\xff\xff\x7f" * 2
    path.write_bytes(data)
    with pytest.raises(InputError, match="outside the file"):
        Shards([folder])


def test_files_that_are_no_example(tmp_path: Path) -> None:
    path = folder_of(tmp_path / "s", [example("x/1")]) / "shard-00000.zip"
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["000000/parsing.png"] = members["000000/dense.png"]
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    with pytest.raises(InputError, match="without a palette"):
        Shards([tmp_path / "s"])[0]


def test_folders_that_hold_no_shards(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        Shards([tmp_path / "nowhere"])
    with pytest.raises(InputError, match=r"no shards\.json"):
        Shards([tmp_path])
    (tmp_path / "shards.json").write_text("{")
    with pytest.raises(InputError, match="not valid JSON"):
        Shards([tmp_path])
    (tmp_path / "shards.json").write_text('{"version": 2}')
    with pytest.raises(InputError, match="another version"):
        Shards([tmp_path])


def test_canvases_that_differ(tmp_path: Path) -> None:
    a = folder_of(tmp_path / "a", [example("x/1")])
    b = folder_of(tmp_path / "b", [example("y/1")])
    state = json.loads((b / "shards.json").read_text())
    (b / "shards.json").write_text(json.dumps({**state, "canvas": [64, 40]}))
    with pytest.raises(InputError, match="different canvases"):
        Shards([a, b])
