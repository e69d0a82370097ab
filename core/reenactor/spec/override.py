"""Overrides of single fields from the command line: "output.height=256"."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reenactor.manifest import Role
from reenactor.spec.document import Document, read_document
from reenactor.spec.mistakes import as_given
from reenactor.spec.problem import Problem
from reenactor.spec.source import FieldPath, Position, Source, lookup

_ROLES = frozenset(role.value for role in Role)


def override(document: Document, overrides: Iterable[str]) -> Document:
    """Apply overrides in their order; each is `key.sub=value`, the value read as YAML.

    A key below a component without options adds options: `frame_renderer.batch=4` turns `puppet`
    into `{use: puppet, batch: 4}`. Numbers in a key are list indices. Relative paths in overrides
    are relative to the working folder.
    """
    for text in overrides:
        document = _apply(document, text)
    return document


def _apply(document: Document, text: str) -> Document:
    here = Position(f"override {as_given(text)}", Path.cwd())
    name, equals, value_text = text.partition("=")
    path: FieldPath = tuple(int(p) if p.isdecimal() else p for p in name.strip().split("."))
    if not equals or "" in path:
        expected = "key.sub=value, as in output.height=256"
        return _refused(
            document, Problem("invalid override", here, given=as_given(text), expected=expected)
        )
    value = read_document(value_text, here)
    if value.problems:
        return _refused(document, *value.problems)
    try:
        data = _put(document.data, path, value.data, ())
    except _MisfitError as misfit:
        problem = Problem(
            "no such field", here, misfit.path, misfit.given, "a key, or a position in a list"
        )
        return _refused(document, problem)
    made = dict.fromkeys(_made(document.data, path), here)
    source = Source(
        document.source.root,
        _moved(document.source.keys, path, here, value.source.keys) | made,
        _moved(document.source.values, path, here, value.source.values) | made,
    )
    return Document(data, source, document.problems)


def _refused(document: Document, *problems: Problem) -> Document:
    return Document(document.data, document.source, document.problems + problems)


class _MisfitError(Exception):
    """The path does not exist in the spec."""

    def __init__(self, path: FieldPath, given: str) -> None:
        self.path, self.given = path, given
        super().__init__(path, given)


def _put(data: Any, path: FieldPath, value: Any, done: FieldPath) -> Any:
    """A copy of the data with the value at the path."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    data = _opened(data, part, done)
    if isinstance(data, dict):
        key = str(part)
        return {**data, key: _put(data.get(key), rest, value, (*done, key))}
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        inner = _put(data[part], rest, value, (*done, part))
        return [*data[:part], inner, *data[part + 1 :]]
    raise _MisfitError((*done, part), as_given(data))


def _made(data: Any, path: FieldPath) -> Iterator[FieldPath]:
    """Parent fields that exist only because of an override. A component's bare name keeps its
    position."""
    for end in range(1, len(path)):
        above = path[:end]
        is_component = above[0] in _ROLES and all(isinstance(part, int) for part in above[1:])
        before = lookup(data, above)
        if before is None or (not is_component and not isinstance(before, dict | list)):
            yield above


def _opened(data: Any, part: str | int, done: FieldPath) -> Any:
    """Expand the short form of a component, so that options can be set."""
    if data is None:
        return {}
    if done and done[0] in _ROLES:
        if isinstance(part, int) and not isinstance(data, list):
            return [data]
        if isinstance(data, str):
            return {"use": data}
    return data


def _moved(
    old: Mapping[FieldPath, Position],
    path: FieldPath,
    here: Position,
    new: Mapping[FieldPath, Position],
) -> dict[FieldPath, Position]:
    """The positions after replacing everything at and below `path`."""
    kept = {field: place for field, place in old.items() if field[: len(path)] != path}
    return {**kept, path: here, **{path + field: place for field, place in new.items()}}
