"""Reads a spec's YAML into plain values, with the line and column of every key and value.

YAML is read by the version 1.2 core schema: only `true` and `false` are booleans (not `on` or
`yes`), `1e-3` is a number, and there are no dates. Tags, anchors and aliases are rejected: specs
should be readable without following references, and alias bombs must not exhaust memory.
"""

import json
import re
from dataclasses import dataclass
from math import isinf
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reenactor.spec.mistakes import as_given
from reenactor.spec.problem import Problem
from reenactor.spec.source import FieldPath, Position, Source

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_DIGITS = 300
"""An integer with more digits exceeds the range of floats."""

_END_OF_FILE = "\x1a"
"""Ctrl-Z, which some old editors write at the end of a file."""
_TYPOGRAPHIC = tuple("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb")
_BACKSLASH = "in double quotes a backslash is special: use single quotes, or / in a path"
_HALF = "write the character itself, or both halves of it (\\ud83d\\ude00)"
_TAG = "tag:yaml.org,2002:"
_PLAIN = (
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+."),
)
"""How unquoted words are resolved: tag, pattern, and possible first characters."""


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """`_PLAIN` by first character, in PyYAML's format."""
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, pattern, first in _PLAIN:
        for character in first:
            entry = (_TAG + kind, re.compile(f"(?:{pattern})$"))
            table.setdefault(character, []).append(entry)
    return table


class _Loader(yaml.SafeLoader):
    """Composes nodes only; `_Reader` constructs values, because it needs the positions."""

    yaml_implicit_resolvers = _resolvers()  # named by PyYAML
    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse("anchors (&) and aliases (*) are not allowed")
        if getattr(event, "tag", None):
            self._refuse("tags (!) are not allowed")
        if self.depth >= MAX_DEPTH:
            self._refuse(f"nested deeper than {MAX_DEPTH} levels")
        self.depth += 1
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refuse(self, problem: str) -> None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        raise ComposerError(None, None, problem, mark)


@dataclass(frozen=True)
class Document:
    """A parsed YAML text: plain values, their positions, and mistakes in the text itself.

    `data` is None for invalid YAML. After lesser mistakes (a duplicate key) it holds the rest, so
    that all mistakes are found at once.
    """

    data: Any
    source: Source
    problems: tuple[Problem, ...]


def read_document(text: str, root: Position) -> Document:
    """Read one YAML document.

    `root.line` is 0 for a text without lines (an override); all parts then have position `root`.
    """
    reader = _Reader(root)
    data = None
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        position = reader.position(mark) if mark else root
        reader.report(f"invalid YAML: {what}", position, advice=_advice(text, error))
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        position = Position(root.origin, root.folder, line, column) if root.line else root
        character = f"U+{ord(text[error.position]):04X}"
        reader.report("invalid YAML: control character", position, character)
    else:
        data = None if node is None else reader.value(node, ())
    return Document(data, Source(root, reader.keys, reader.values), tuple(reader.problems))


class _Reader:
    """Converts nodes to values and collects positions and problems."""

    def __init__(self, root: Position) -> None:
        self.root = root
        self.keys: dict[FieldPath, Position] = {}
        self.values: dict[FieldPath, Position] = {}
        self.problems: list[Problem] = []

    def position(self, mark: Any) -> Position:
        if not self.root.line:
            return self.root
        return Position(self.root.origin, self.root.folder, mark.line + 1, mark.column + 1)

    def report(
        self,
        problem: str,
        position: Position,
        given: str = "",
        field: FieldPath = (),
        advice: str = "",
    ) -> None:
        self.problems.append(Problem(problem, position, field, given, advice=advice))

    def value(self, node: Node, path: FieldPath) -> Any:
        self.values[path] = self.position(node.start_mark)
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(child, (*path, i)) for i, child in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            self.text(node, self.values[path], path)
            self.quotes(node, path)
            if _is_huge(node):
                shown = as_given(str(node.value))
                self.report("number too large", self.values[path], shown, path)
                return None
        return _scalar(node)

    def text(self, node: ScalarNode, position: Position, path: FieldPath) -> bool:
        """Join surrogate pairs from escapes; report a lone surrogate and return False."""
        written = str(node.value)
        halves = written.encode("utf-16", "surrogatepass")
        node.value = halves.decode("utf-16", "replace")
        if node.value.count("\ufffd") > written.count("\ufffd"):
            self.report("incomplete character escape", position, ascii(written), path, _HALF)
            return False
        return True

    def quotes(self, node: ScalarNode, path: FieldPath) -> None:
        """Report typographic quotes and control characters in a value."""
        text = str(node.value)
        if node.style is None and text[:1] in _TYPOGRAPHIC:
            self.report("typographic quotes", self.values[path], text, path, 'use straight ones: "')
        if node.style == '"' and any(character < " " for character in text):
            self.report("control character", self.values[path], ascii(text), path, _BACKSLASH)

    def mapping(self, node: MappingNode, path: FieldPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            position = self.position(key_node.start_mark)
            if not isinstance(key_node, ScalarNode):
                self.report("keys must be text", position, "a list or mapping", path)
                continue
            if not self.text(key_node, position, path):
                continue
            key = str(key_node.value)
            field = (*path, key)
            if key in result:
                first = self.keys[field]
                self.report(f"duplicate key, first in line {first.line}", position, "", field)
                continue
            self.keys[field] = position
            result[key] = self.value(value_node, field)
        return result


def _advice(text: str, error: yaml.MarkedYAMLError) -> str:
    """A hint on the likely cause of a YAML error, from the lines it points at."""
    said = str(error.problem)
    if "escape" in said:
        return _BACKSLASH
    marks = [mark for mark in (error.context_mark, error.problem_mark) if mark]
    lines = text.splitlines()
    for mark in marks:
        line = lines[mark.line] if mark.line < len(lines) else ""
        spaces = [character for character in line if character.isspace() and character not in " \t"]
        if spaces:
            code = f"U+{ord(spaces[0]):04X}"
            return f"line {mark.line + 1} has a special space ({code}): use an ordinary one"
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return f"indent line {mark.line + 1} with spaces: YAML allows no tabs there"
        if any(character in _TYPOGRAPHIC for character in line):
            return f'line {mark.line + 1} has typographic quotes: use straight ones: "'
    return ""


def _is_huge(node: ScalarNode) -> bool:
    """Whether a number written in digits exceeds the range of floats."""
    kind, text = node.tag.removeprefix(_TAG), str(node.value)
    if kind == "int":
        return len(text) > MAX_DIGITS or abs(_whole(text)) >= 10**MAX_DIGITS
    return kind == "float" and "n" not in text.lower() and isinf(float(text))


def _whole(text: str) -> int:
    """A whole number as YAML 1.2 writes it; a leading 0 alone means nothing."""
    return int(text, 0) if text[:2] in ("0x", "0o") else int(text)


def _scalar(node: Node) -> str | int | float | bool | None:
    kind, text = node.tag.removeprefix(_TAG), str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return _whole(text)
    if kind == "float":
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def read_text(path: Path, origin: str, content: bytes) -> Document:
    """Read a spec file's content: a mapping in UTF-8 or UTF-16, of at most `MAX_BYTES`."""
    root = Position(origin, path.parent, 1, 1)
    if len(content) > MAX_BYTES:
        return _refused(root, "file too large for a spec", "", f"at most {MAX_BYTES} bytes")
    try:
        text = content.decode(json.detect_encoding(content)).removesuffix(_END_OF_FILE)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        position = Position(origin, path.parent, line, column)
        given = f"the byte 0x{content[error.start]:02x}"
        advice = "save it as UTF-8 in your editor"
        return _refused(position, "not UTF-8 text", given, "UTF-8", advice)
    document = read_document(text, root)
    if document.problems or isinstance(document.data, dict):
        return document
    given = "nothing" if document.data is None else type(document.data).__name__
    return _refused(root, "not a spec", given, "keys and values, `version: 1` first")


def _refused(
    position: Position, problem: str, given: str, expected: str, advice: str = ""
) -> Document:
    found = Problem(problem, position, given=given, expected=expected, advice=advice)
    return Document(None, Source(position), (found,))
