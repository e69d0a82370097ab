"""Where each part of a spec was written, so that a mistake can point at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

FieldPath = tuple[str | int, ...]
"""Keys and list positions from the root of a spec: ("motion", "smooth")."""


@dataclass(frozen=True)
class Position:
    """A place in a spec file, or in an override of the command line.

    `line` and `column` count from 1; 0 means that the origin has no lines (an override, a spec
    built in Python). `folder` is what relative paths written there are relative to.
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
        """For a spec built in Python: no lines; paths are relative to the working folder."""
        return cls(Position("", Path.cwd()))

    def value(self, path: FieldPath) -> Position:
        """Where the value of a field stands, or the nearest part around it that was written."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.values:
                return self.values[path[:end]]
        return self.root

    def key(self, path: FieldPath) -> Position:
        """Where the key of a field stands, or what stands nearest."""
        return self.keys.get(path) or self.value(path)


def dotted(path: FieldPath) -> str:
    """A field as it is shown and overridden: "pose_estimator.0.use"."""
    return ".".join(str(part) for part in path)


def lookup(data: Any, path: FieldPath) -> Any:
    """What the data holds under a path; None where it holds nothing."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
