"""Reading ahead and writing behind, so that decoding and encoding overlap the networks.

Both run one thread each and never outlive their user: the thread ends when the consumer is
done, fails, is interrupted or forgets them. Waiting wakes up now and then, so that Ctrl-C gets
through on every system.
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
"""Seconds after which a wait looks whether it is still wanted."""

ROOM = 128 << 20
"""Bytes of pictures that may wait in one place: ten frames of 1920x1080 with their backgrounds."""


def depth_for(size: int, most: int) -> int:
    """How many items of `size` bytes may wait: as many as there is `ROOM` for, 1 to `most`."""
    return min(most, max(1, ROOM // size))


@dataclass(frozen=True)
class _End:
    """The last thing in a queue: nothing more comes, perhaps because of an error."""

    error: BaseException | None = None


def prefetch(source: Iterable[T], depth: int) -> Generator[T, None, None]:
    """Give the items of `source`, which runs ahead in a thread by up to `depth` items.

    The thread starts with the first item that is asked for. What `source` raises is raised
    here, after the items before it. The thread ends, and closes `source` if that is a generator,
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
    """The life of the thread: move items until there are none or nobody wants them."""
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
    except BaseException as error:  # belongs to the consumer, whatever it is
        end = _End(error)
    _offer(box, end, stop)


def _offer(box: "Queue[T]", item: T, stop: Event) -> bool:
    """Put the item when there is room; False if `stop` comes first."""
    while not stop.is_set():
        with suppress(Full):
            box.put(item, timeout=_WAKE)
            return True
    return False


def _take(box: "Queue[T]") -> T:
    """Wait for an item, in pieces that an interruption can end."""
    while True:
        with suppress(Empty):
            return box.get(timeout=_WAKE)


def _end(thread: Thread, box: "Queue[T]", stop: Event) -> None:
    """Have the thread stop, make room for what it is putting, and wait for it."""
    stop.set()
    with suppress(Empty):
        while True:
            box.get_nowait()
    thread.join()


class Sink(Generic[T]):
    """Calls `function` on each item in one thread, in order; at most `depth` items wait.

    A context manager: leaving it waits for the last item, then raises what `function` raised;
    leaving it by an error drops what still waits. `put` raises what `function` raised before.
    After an error `function` is not called again.
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
        """Hand over an item; waits while `depth` items wait already."""
        if not self._thread.is_alive() and self._error is None:
            raise ValueError("a Sink takes items inside its `with` block only")
        self._hand_over(item)

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
                self._hand_over(_End())
                while self._thread.is_alive():
                    self._thread.join(_WAKE)
        finally:
            _end(self._thread, self._box, self._stop)
        if error is None and self._error is not None:
            raise self._error

    def _hand_over(self, item: T | _End) -> None:
        while self._error is None:
            with suppress(Full):
                self._box.put(item, timeout=_WAKE)
                return
        raise self._error

    def _drain(self) -> None:
        """The life of the thread."""
        try:
            while not self._stop.is_set():
                try:
                    item = self._box.get(timeout=_WAKE)
                except Empty:
                    continue
                if isinstance(item, _End):
                    return
                self._function(item)
        except BaseException as error:  # belongs to whoever puts
            self._error = error
