"""Prepared training examples on the disk: folders of shards, written once and read at random.

A folder holds `shards.json`, which says what was prepared and how, and zip files. In a zip file
`000000/image.jpg`, `000000/parsing.png` and so on are the first example (see `pack`), and its
last member, `index.json`, lists all entries, so that a folder is opened without reading examples.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, overload

from pydantic import Field, TypeAdapter, ValidationError

from reenactor.errors import InputError
from reenactor.media.files import read_json
from reenactor.training.archive import Archive, damaged, write_archive
from reenactor.training.example import Example, ExampleInfo
from reenactor.training.pack import InvalidExampleError, packed, unpacked

VERSION = 1
"""Of the format; readers refuse others."""
STATE = "shards.json"
INDEX = "index.json"


def write_shard(path: Path, examples: Iterable[Example]) -> int:
    """Write a shard whole or not at all; gives the number of examples.

    Examples are taken one by one, so that only one is in memory.

    Raises:
        OutputError: it cannot be written.
    """
    index: list[dict[str, Any]] = []

    def members() -> Iterable[tuple[str, bytes]]:
        for number, example in enumerate(examples):
            files = packed(example)
            index.append({"entry": vars(example.entry), "files": list(files)})
            for name, content in files.items():
                yield f"{number:06d}/{name}", content
        document = {"version": VERSION, "examples": index}
        yield INDEX, json.dumps(document, separators=(",", ":")).encode()

    write_archive(path, members())
    return len(index)


@dataclass(frozen=True)
class _Listed:
    """A shard, as readers need to know it."""

    file: Annotated[str, Field(pattern=r"^[\w-]+\.zip$")]
    items: Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class _State:
    """What is read of `shards.json`."""

    canvas: tuple[Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]]
    items: Annotated[int, Field(ge=0)]
    shards: list[_Listed]


@dataclass(frozen=True)
class _Indexed:
    """An example, as the index of its shard lists it."""

    entry: ExampleInfo
    files: tuple[str, ...]


@dataclass(frozen=True)
class _Index:
    """What is read of `index.json`."""

    version: int
    examples: list[_Indexed]


_STATE, _INDEX = TypeAdapter(_State), TypeAdapter(_Index)


@dataclass(frozen=True)
class _Stored:
    """Where an example lies."""

    entry: ExampleInfo
    shard: Archive
    number: int
    files: tuple[str, ...]


class Shards(Sequence[Example]):
    """The examples of some folders, in the order of the folders and their items.

    Nothing is held open: it may be sent to other processes and used by them at once.

    Attributes:
        entries: what is known of each example without opening it.
        canvas: height and width of all of them.
        unfinished: folders whose preparation was interrupted; what is there is used.

    Raises (the constructor):
        InputError: a folder holds no shards, a shard is damaged, or canvases differ.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        states = [_read_state(folder) for folder in folders]
        self.canvas = _one_canvas(folders, states)
        self.unfinished = tuple(
            folder
            for folder, state in zip(folders, states, strict=True)
            if sum(shard.items for shard in state.shards) < state.items
        )
        self._stored = [
            stored
            for folder, state in zip(folders, states, strict=True)
            for shard in state.shards
            for stored in _contents(folder / shard.file)
        ]
        self.entries = [stored.entry for stored in self._stored]

    def __len__(self) -> int:
        return len(self._stored)

    @overload
    def __getitem__(self, index: int) -> Example: ...
    @overload
    def __getitem__(self, index: slice) -> "Shards": ...
    def __getitem__(self, index: int | slice) -> "Example | Shards":
        """One example, or some as shards of their own.

        Raises:
            InputError: it is damaged; the message names the file.
        """
        if isinstance(index, slice):
            return self._part(self._stored[index])
        stored = self._stored[index]
        folder = f"{stored.number:06d}/"
        contents = stored.shard.read(folder + name for name in stored.files)
        try:
            example = unpacked(dict(zip(stored.files, contents, strict=True)))
        except InvalidExampleError as error:
            raise damaged(stored.shard.path, f"{folder} is damaged: {error}") from error
        if example.canvas != self.canvas:
            sizes = f"{example.canvas} and not {self.canvas} as {STATE} says"
            raise damaged(stored.shard.path, f"{folder} is of another canvas: {sizes}")
        return example

    def where(self, wanted: Callable[[ExampleInfo], bool]) -> "Shards":
        """Those whose entries are wanted."""
        return self._part([stored for stored in self._stored if wanted(stored.entry)])

    def only(self, patterns: Iterable[str]) -> "Shards":
        """Those whose names match a pattern, as in `ccp/0*` or `clips/walk/*`."""
        kept = tuple(patterns)
        return self.where(lambda entry: _matches(entry.name, kept))

    def without(self, patterns: Iterable[str]) -> "Shards":
        """Those whose names match none."""
        excluded = tuple(patterns)
        return self.where(lambda entry: not _matches(entry.name, excluded))

    def _part(self, stored: list[_Stored]) -> "Shards":
        part = Shards(())
        part.canvas, part.unfinished = self.canvas, self.unfinished
        part._stored = stored
        part.entries = [one.entry for one in stored]
        return part


def _read_state(folder: Path) -> _State:
    """What `shards.json` says.

    Raises:
        InputError: it is missing, damaged, or of another version of the format.
    """
    path = folder / STATE
    if not path.exists():
        raise InputError(
            f"{folder} holds no prepared training material",
            given=f"no {STATE} in it" if folder.is_dir() else "no such folder",
            expected="a folder that `reenactor prepare` wrote",
            advice="reenactor prepare DATASET --out FOLDER",
        )
    state = read_json(path)
    version = state.get("version") if isinstance(state, dict) else None
    if version != VERSION:
        raise InputError(
            f"{path} is of another version of the format",
            given=str(version),
            expected=str(VERSION),
            advice="prepare the material again, into another folder",
        )
    try:
        return _STATE.validate_python(state)
    except ValidationError as error:
        raise InputError(
            f"{path} is damaged",
            given=_first(error),
            advice="the command that prepared the folder makes the file again",
        ) from error


def _first(error: ValidationError) -> str:
    """The first of the mistakes: where and what."""
    one = error.errors(include_url=False)[0]
    return f"{'.'.join(str(key) for key in one['loc'])}: {one['msg']}"


def _one_canvas(folders: Sequence[Path], states: Sequence[_State]) -> tuple[int, int]:
    sizes = [state.canvas for state in states]
    for folder, size in zip(folders, sizes, strict=True):
        if size != sizes[0]:
            raise InputError(
                "the folders were prepared for different canvases",
                given=f"{size[0]}x{size[1]} in {folder}, {sizes[0][0]}x{sizes[0][1]} in the first",
                expected="one height and width",
                advice="prepare one of them again with the other's --height and --width",
            )
    return sizes[0] if sizes else (0, 0)


def _contents(path: Path) -> list[_Stored]:
    """The examples of a shard, as its index lists them."""
    archive = Archive.opened(path)
    try:
        index = _INDEX.validate_json(archive.read([INDEX])[0], strict=True)
    except ValidationError as error:
        raise damaged(path, f"{INDEX}: {_first(error)}") from error
    if index.version != VERSION:
        raise damaged(path, f"version {index.version} of the format")
    return [
        _Stored(one.entry, archive, number, one.files) for number, one in enumerate(index.examples)
    ]


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
