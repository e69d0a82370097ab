"""Reading ahead and writing behind, so that decoding and encoding overlap the networks."""

from collections.abc import Callable, Generator, Iterable
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


def prefetch(source: Iterable[T], depth: int) -> Generator[T, None, None]:
    """Give the items of `source`, which runs ahead in a thread by up to `depth` items.

    What `source` raises is raised here, after the items before it. The thread ends when the
    generator is exhausted, closed or dropped.
    """
    raise NotImplementedError
    yield


class Sink(Generic[T]):
    """Calls `function` on each item in one thread, in order; at most `depth` items wait.

    A context manager: leaving it waits for the last item and raises what `function` raised;
    leaving it by an error drops what still waits. `put` raises what `function` raised before.
    """

    def __init__(self, function: Callable[[T], None], depth: int) -> None:
        raise NotImplementedError

    def put(self, item: T) -> None:
        """Hand over an item; waits while `depth` items wait already."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
