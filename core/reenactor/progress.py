"""How long work tells what it is doing, without knowing who listens."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, runtime_checkable

Advance = Callable[[int], None]
"""Says that so many more units are done."""


@runtime_checkable  # so that the tests' type checks can look at arguments
class Progress(Protocol):
    """Somebody who listens: the command line draws bars, a program may log."""

    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> AbstractContextManager[Advance]:
        """Begin a stage of `total` units (None: not known), of which `done` were done before."""
        ...

    def note(self, text: str) -> None:
        """Say something worth knowing that is no error (a frame without a person, say)."""
        ...


class Silent:
    """Nobody listens."""

    @contextmanager
    def stage(
        self, name: str, total: int | None, unit: str = "frames", done: int = 0
    ) -> Iterator[Advance]:
        del name, total, unit, done
        yield lambda _: None

    def note(self, text: str) -> None:
        del text
