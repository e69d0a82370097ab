"""Positions of the parts of a spec, for mistakes to point at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

FieldPath = tuple[str | int, ...]
"""Keys and list positions from the root of a spec: ("motion", "smooth")."""


@dataclass(frozen=True)
class Position:
    """A position in a spec file, or in an override on the command line.

    `line` and `column` count from 1; 0 if the origin has no lines (an override, or a spec built in
    Python). Relative paths written there are relative to `folder`.
    """

    origin: str
    folder: Path
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.origin}:{self.line}:{self.column}" if self.line else self.origin


@dataclass(frozen=True)
class Source:
    """The positions of every key and every value of one spec."""

    root: Position
    keys: Mapping[FieldPath, Position] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[FieldPath, Position] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def nowhere(cls) -> "Source":
        """The source of a spec built in Python: no lines, paths relative to the working folder."""
        return cls(Position("", Path.cwd()))

    def value(self, path: FieldPath) -> Position:
        """The position of a field's value, or of its nearest parent that was written."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.values:
                return self.values[path[:end]]
        return self.root

    def key(self, path: FieldPath) -> Position:
        """The position of a field's key, or of its nearest parent."""
        return self.keys.get(path) or self.value(path)


def dotted(path: FieldPath) -> str:
    """A field in dotted form: "pose_estimator.0.use"."""
    return ".".join(str(part) for part in path)


def lookup(data: Any, path: FieldPath) -> Any:
    """The value at a path; None if there is none."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
