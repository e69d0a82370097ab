import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from reenactor.media.stream import Sink, depth_for, prefetch


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = threads()
    yield
    assert threads() == before


def counting(count: int, seen: list[int]) -> Iterator[int]:
    try:
        for number in range(count):
            seen.append(number)
            yield number
    finally:
        seen.append(-1)


def test_prefetch_gives_all_in_order_from_another_thread() -> None:
    seen: list[int] = []
    assert list(prefetch(counting(50, seen), 3)) == list(range(50))
    assert seen[-1] == -1


def test_prefetch_runs_ahead_but_not_too_far() -> None:
    seen: list[int] = []
    ahead = prefetch(counting(50, seen), 4)
    assert next(ahead) == 0
    deadline = time.monotonic() + 5
    while len(seen) < 6 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(seen) == 6  # one given, four waiting, one in hand
    ahead.close()
    assert seen[-1] == -1


def test_prefetch_raises_what_the_source_raised_after_its_items() -> None:
    def failing() -> Iterator[int]:
        yield 1
        yield 2
        raise LookupError("three")

    items = prefetch(failing(), 2)
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(LookupError, match="three"):
        next(items)


def test_prefetch_ends_with_a_consumer_that_fails() -> None:
    seen: list[int] = []

    def consume() -> None:
        for item in prefetch(counting(1000, seen), 2):
            if item == 5:
                raise LookupError("enough")

    with pytest.raises(LookupError):
        consume()
    assert seen[-1] == -1
    assert "prefetch" not in threads()


def test_prefetch_ends_when_it_is_dropped() -> None:
    ahead = prefetch(iter(range(1000)), 2)
    next(ahead)
    assert "prefetch" in threads()
    del ahead
    assert "prefetch" not in threads()


def test_prefetch_starts_nothing_before_it_is_used() -> None:
    prefetch(iter(range(3)), 2)
    assert "prefetch" not in threads()


def test_sink_handles_all_in_order_before_it_is_left() -> None:
    got: list[int] = []
    with Sink(got.append, 2) as sink:
        for number in range(40):
            sink.put(number)
    assert got == list(range(40))


def test_sink_waits_while_too_much_is_waiting() -> None:
    release = threading.Event()
    put: list[int] = []

    def slow(item: int) -> None:
        release.wait(5)

    def fill(sink: "Sink[int]") -> None:
        for number in range(10):
            sink.put(number)
            put.append(number)

    with Sink(slow, 3) as sink:
        filler = threading.Thread(target=fill, args=(sink,))
        filler.start()
        time.sleep(0.2)
        assert len(put) == 4  # one in hand, three waiting
        release.set()
        filler.join()
    assert len(put) == 10


def failing_at_two(item: int) -> None:
    if item == 2:
        raise LookupError("two")


def test_sink_raises_at_the_next_put_or_at_the_end() -> None:
    def fill(count: int, depth: int) -> None:
        with Sink(failing_at_two, depth) as sink:
            for number in range(count):
                sink.put(number)

    with pytest.raises(LookupError, match="two"):
        fill(1000, 1)
    with pytest.raises(LookupError, match="two"):
        fill(3, 5)


def test_sink_drops_what_waits_when_its_user_fails() -> None:
    got: list[int] = []
    release = threading.Event()

    def handle(item: int) -> None:
        release.wait(5)
        got.append(item)

    def use() -> None:
        with Sink(handle, 10) as sink:
            for number in range(5):
                sink.put(number)
            threading.Timer(0.1, release.set).start()
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        use()
    release.wait(5)
    assert len(got) <= 1
    time.sleep(0.05)


def test_a_sink_is_used_inside_its_block() -> None:
    sink: Sink[int] = Sink(print, 1)
    with pytest.raises(ValueError, match="with"):
        sink.put(1)
    with sink:
        pass
    with pytest.raises(ValueError, match="with"):
        sink.put(1)


WAITING = """
import threading, time
from reenactor.media.stream import Sink, depth_for, prefetch

def endless():
    while True:
        time.sleep(0.05)
        yield 1

def slow(item):
    time.sleep(0.05)

try:
    with Sink(slow, 1) as sink:
        for item in prefetch(endless(), 2):
            if item: print("going", flush=True)
            sink.put(item)
except KeyboardInterrupt:
    print("threads", threading.active_count(), flush=True)
    raise SystemExit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_gets_through_and_no_thread_outlives_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert rest.splitlines()[-1] == "threads 1"


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [(540, 960, 8), (1080, 1920, 8), (2160, 3840, 5), (4320, 7680, 1), (9000, 16000, 1)],
)
def test_fewer_large_pictures_wait(height: int, width: int, expected: int) -> None:
    """Up to 1920x1080 as many as asked for; never more than 134 MB, but one is always let in."""
    assert depth_for(3 * height * width, 8) == expected
