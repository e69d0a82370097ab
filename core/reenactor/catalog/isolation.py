"""Protects process-wide state from plugins: streams, signals, the working folder, `os._exit`.

Changes are undone, so that the command can continue, or at least name the plugin.
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
    """A plugin changed process-wide state."""


@contextmanager
def isolated(importing: bool = False) -> Iterator[None]:
    """Undo changes to process-wide state that the code inside makes.

    Args:
        importing: whether the code is an import, which must not have side effects. Signal handlers,
            the working folder, the umask and `os._exit` are then protected as well, and threads
            that it starts do not keep the process alive.

    Raises:
        IsolationError: a change was undone.
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
    """Keep standard output and error open. The objects that write to them may be replaced."""
    before = {name: getattr(sys, name) for name in _STREAMS if _writes(getattr(sys, name, None))}
    copies: dict[int, int] = {}
    for number in _STREAMS.values():
        with suppress(OSError):  # already closed
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
    except AttributeError:  # a replacement for a stream may lack `writable`
        return True


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _opened(number: int, closed: Any) -> Any:
    """A new stream in place of one that was closed."""
    encoding = getattr(closed, "encoding", None) or "utf-8"
    return os.fdopen(number, "w", 1, encoding=encoding, errors="backslashreplace", closefd=False)


@contextmanager
def _process(changed: list[str]) -> Iterator[None]:
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in _SIGNALS}
    folder, mask, process, leave = _folder(), _umask(), os.getpid(), os._exit

    def stay(code: int) -> None:
        if os.getpid() != process:
            leave(code)  # in a child process of the plugin
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
                with suppress(ValueError):  # only the main thread can change it
                    signal.signal(number, handler)
        if folder and _folder() != folder:
            changed.append("changed the working folder")
            os.chdir(folder)
        if _umask() != mask:
            changed.append("changed the umask")
            os.umask(mask)


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - restored as it was
    except OSError:  # the folder was removed
        return ""


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def _threads() -> Iterator[None]:
    """Make threads started inside daemonic, so that the process does not wait for them."""
    original = threading.Thread.start

    def start(self: threading.Thread) -> None:
        if self.ident is None:  # not started yet, as required
            self.daemon = True
        original(self)

    setattr(threading.Thread, "start", start)  # noqa: B010 - a method is no variable to mypy
    try:
        yield
    finally:
        setattr(threading.Thread, "start", original)  # noqa: B010
