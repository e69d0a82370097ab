"""Reporting progress of long work."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, runtime_checkable

Advance = Callable[[int], None]
"""Called with the number of units done since the last call."""


@runtime_checkable  # for the tests' run-time type checks
class Progress(Protocol):
    """Receives progress: the command line draws bars, a program may log."""

    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> AbstractContextManager[Advance]:
        """Start a stage of `total` units (None: unknown), of which `done` were done before."""
        ...

    def note(self, text: str) -> None:
        """Report something that is not an error, such as a frame without a person."""
        ...


class Silent:
    """Ignores all progress."""

    @contextmanager
    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> Iterator[Advance]:
        del name, total, unit, done
        yield lambda _: None

    def note(self, text: str) -> None:
        del text
