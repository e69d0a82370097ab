"""Prefetching and writing in threads, so that decoding and encoding overlap the networks.

The thread ends when its user finishes, fails, is interrupted or drops it. Waits have a timeout, so
that Ctrl-C works on every system.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")

_WAKE = 0.1
"""Timeout of a wait, in seconds."""

ROOM = 128 << 20
"""Bytes of pictures in one queue: ten frames of 1920x1080 with their backgrounds."""


def depth_for(size: int, most: int) -> int:
    """The number of items of `size` bytes that fit in `ROOM`, 1 to `most`."""
    return min(most, max(1, ROOM // size))


@dataclass(frozen=True)
class _End:
    """The last item in a queue, with the error that ended it, if any."""

    error: BaseException | None = None


def prefetch(source: Iterable[T], depth: int) -> Generator[T, None, None]:
    """Yield the items of `source`, which runs in a thread up to `depth` items ahead.

    The thread starts with the first item requested. Errors of `source` are raised here, after the
    items before. The thread ends, and closes `source` if that is a generator,
    when this generator is exhausted, closed or dropped.
    """
    if depth < 1:
        raise ValueError(f"depth is {depth}, must be 1 or more")
    box: Queue[T | _End] = Queue(depth)
    stop = Event()
    thread = Thread(target=_pump, args=(source, box, stop), name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            item = _take(box)
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        _end(thread, box, stop)


def _pump(source: Iterable[T], box: "Queue[T | _End]", stop: Event) -> None:
    """Run in the thread: move items until there are no more, or `stop` is set."""
    end = _End()
    try:
        iterator = iter(source)
        try:
            for item in iterator:
                if not _offer(box, item, stop):
                    return
        finally:
            if isinstance(iterator, Generator):
                iterator.close()
    except BaseException as error:  # any error is raised in the consumer
        end = _End(error)
    _offer(box, end, stop)


def _offer(box: "Queue[T]", item: T, stop: Event) -> bool:
    """Put the item; False if `stop` is set first."""
    while not stop.is_set():
        with suppress(Full):
            box.put(item, timeout=_WAKE)
            return True
    return False


def _take(box: "Queue[T]") -> T:
    """Wait for an item, so that Ctrl-C can interrupt."""
    while True:
        with suppress(Empty):
            return box.get(timeout=_WAKE)


def _end(thread: Thread, box: "Queue[T]", stop: Event) -> None:
    """Stop the thread, empty its queue, and wait for it."""
    stop.set()
    with suppress(Empty):
        while True:
            box.get_nowait()
    thread.join()


class Sink(Generic[T]):
    """Calls `function` with each item in a thread, in order; at most `depth` items wait.

    A context manager: its end waits for the last item and raises any error of `function`; after an
    error in the block, waiting items are dropped. `put` raises an earlier error of `function`,
    after which `function` is not called again.
    """

    def __init__(self, function: Callable[[T], None], depth: int) -> None:
        if depth < 1:
            raise ValueError(f"depth is {depth}, must be 1 or more")
        self._function = function
        self._box: Queue[T | _End] = Queue(depth)
        self._stop = Event()
        self._error: BaseException | None = None
        self._thread = Thread(target=self._drain, name="sink", daemon=True)

    def put(self, item: T) -> None:
        """Add an item; blocks while `depth` items are waiting."""
        if not self._thread.is_alive() and self._error is None:
            raise ValueError("a Sink accepts items only inside its `with` block")
        self._put(item)

    def __enter__(self) -> "Sink[T]":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._put(_End())
                while self._thread.is_alive():
                    self._thread.join(_WAKE)
        finally:
            _end(self._thread, self._box, self._stop)
        if error is None and self._error is not None:
            raise self._error

    def _put(self, item: T | _End) -> None:
        while self._error is None:
            with suppress(Full):
                self._box.put(item, timeout=_WAKE)
                return
        raise self._error

    def _drain(self) -> None:
        """Run in the thread."""
        try:
            while not self._stop.is_set():
                try:
                    item = self._box.get(timeout=_WAKE)
                except Empty:
                    continue
                if isinstance(item, _End):
                    return
                self._function(item)
        except BaseException as error:  # raised in `put`
            self._error = error
