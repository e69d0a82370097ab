"""What a plugin shares with us: the streams, the signals, the working folder, how a process ends.

What it changes of them is put back, so that the command goes on, or can at least say who did it.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

_STREAMS = {"stdout": 1, "stderr": 2}
"""Names in `sys`, and their file descriptors."""
_SIGNALS = [s for s in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE") if hasattr(signal, s)]


class IsolationError(Exception):
    """A plugin changed what everybody uses."""


@contextmanager
def isolated(importing: bool = False) -> Iterator[None]:
    """Put back what the code inside changes.

    Args:
        importing: a module is imported, which must have no effects: the handlers of signals, the
            working folder, the umask and `os._exit` are looked after as well, and its threads do
            not keep the process alive.

    Raises:
        IsolationError: something was put back.
    """
    changed: list[str] = []
    with ExitStack() as kept:
        kept.enter_context(_streams(changed))
        if importing:
            kept.enter_context(_process(changed))
            kept.enter_context(_threads())
        yield
    if changed:
        raise IsolationError(f"it {' and '.join(changed)}")


@contextmanager
def _streams(changed: list[str]) -> Iterator[None]:
    """Standard output and error stay open; which object writes to them may change."""
    before = {name: getattr(sys, name) for name in _STREAMS if _writes(getattr(sys, name, None))}
    copies: dict[int, int] = {}
    for number in _STREAMS.values():
        with suppress(OSError):  # it was closed before
            copies[number] = os.dup(number)
    try:
        yield
    finally:
        for number, copy in copies.items():
            if not _is_open(number):
                os.dup2(copy, number)
                changed.append(f"closed the file descriptor {number}")
            os.close(copy)
        for name, stream in before.items():
            now = getattr(sys, name, None)
            if not _writes(now):
                changed.append(f"{'set' if now is None else 'closed'} sys.{name}")
                changed[-1] += " to None" * (now is None)
                setattr(sys, name, stream if _writes(stream) else _opened(_STREAMS[name], stream))


def _writes(stream: Any) -> bool:
    try:
        return stream is not None and not stream.closed
    except AttributeError:  # what stands in for a stream need not have that
        return True


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _opened(number: int, closed: Any) -> Any:
    """Another stream in place of one that was closed."""
    encoding = getattr(closed, "encoding", None) or "utf-8"
    return os.fdopen(number, "w", 1, encoding=encoding, errors="backslashreplace", closefd=False)


@contextmanager
def _process(changed: list[str]) -> Iterator[None]:
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in _SIGNALS}
    folder, mask, process, leave = _folder(), _umask(), os.getpid(), os._exit

    def stay(code: int) -> None:
        if os.getpid() != process:
            leave(code)  # of a child that the code made
        raise IsolationError(f"it called os._exit({code})")

    os._exit = stay  # type: ignore[assignment]
    try:
        yield
    finally:
        if os._exit is not leave:
            os._exit = leave
        for name, handler in handlers.items():
            number = getattr(signal, name)
            if signal.getsignal(number) is not handler and handler is not None:
                changed.append(f"changed what {name} does")
                with suppress(ValueError):  # only the main thread may, so it was not changed here
                    signal.signal(number, handler)
        if folder and _folder() != folder:
            changed.append("changed the working folder")
            os.chdir(folder)
        if _umask() != mask:
            changed.append("changed the umask")
            os.umask(mask)


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - it is given back as it was
    except OSError:  # it was removed
        return ""


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _threads() -> Iterator[None]:
    """Threads that begin meanwhile end with the process, which would else wait for them."""
    original = threading.Thread.start

    def start(self: threading.Thread) -> None:
        if self.ident is None:  # not begun yet, as it should be
            self.daemon = True
        original(self)

    setattr(threading.Thread, "start", start)  # noqa: B010 - a method is no variable to mypy
    try:
        yield
    finally:
        setattr(threading.Thread, "start", original)  # noqa: B010
