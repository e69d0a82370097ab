"""Protects process-wide state from plugins: streams, signals, `os._exit`, exit handlers, and what
`reenactor.catalog.process_state` lists.

Changes are undone, so that the command can continue, or at least name the plugin.
"""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType
from typing import Any

from reenactor.catalog.process_state import kept_state

if sys.platform != "win32":
    import resource

_STREAMS = {"stdout": 1, "stderr": 2}
"""Names in `sys`, and their file descriptors."""
_SIGNALS = [
    name
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE", "SIGALRM", "SIGCHLD")
    if hasattr(signal, name)
]


class IsolationError(Exception):
    """A plugin changed process-wide state."""


@contextmanager
def isolated(importing: str = "") -> Iterator[None]:
    """Undo changes to process-wide state that the code inside makes.

    A process that the code forked ends here: only the original one continues.

    Args:
        importing: the top-level package if the code is an import, which must not have side
            effects. Signal handlers, exit handlers, `os._exit` and the settings of the process are
            then protected as well, and threads that it starts do not keep the process alive.

    Raises:
        IsolationError: a change was undone, or an import raised `KeyboardInterrupt` and nobody had
            interrupted it.
    """
    changed: list[str] = []
    with ExitStack() as kept:
        kept.callback(_end_fork, os.getpid(), os._exit)
        kept.enter_context(_streams(changed))
        if importing:
            kept.enter_context(_signals(changed))
            kept.enter_context(_exits(changed, importing))
            kept.enter_context(_limits(changed))
            kept.enter_context(_threads())
            kept.enter_context(kept_state(changed))  # first to be undone
        yield
    if changed:
        raise IsolationError(f"it {' and '.join(changed)}")


def _end_fork(process: int, leave: Callable[[int], Any]) -> None:
    if os.getpid() != process:
        leave(1)


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
def _signals(changed: list[str]) -> Iterator[None]:
    """Keep signal handlers, and tell a `KeyboardInterrupt` of the code from the user's."""
    before = {name: signal.getsignal(getattr(signal, name)) for name in _SIGNALS}
    during = dict(before)
    arrived: list[int] = []

    def noting(handler: Callable[[int, FrameType | None], Any]) -> Callable[..., Any]:
        def handle(number: int, frame: FrameType | None) -> None:
            arrived.append(number)
            handler(number, frame)

        return handle

    with suppress(ValueError):  # only the main thread receives signals
        for name, handler in before.items():
            if callable(handler):
                noted = noting(handler)
                signal.signal(getattr(signal, name), noted)
                during[name] = noted
    try:
        yield
    except KeyboardInterrupt as error:
        if not arrived:
            raise IsolationError("it raised KeyboardInterrupt") from error
        raise
    finally:
        for name, handler in before.items():
            number = getattr(signal, name)
            if signal.getsignal(number) is not during[name] and handler is not None:
                changed.append(f"changed what {name} does")
            if signal.getsignal(number) is not handler:
                with suppress(ValueError, TypeError):  # another thread; a handler not from Python
                    signal.signal(number, handler)


@contextmanager
def _exits(changed: list[str], package: str) -> Iterator[None]:
    """Refuse `os._exit`, and exit handlers of the package: they could hide a later failure.

    Libraries that it imports may register theirs.
    """
    process, leave, register = os.getpid(), os._exit, atexit.register

    def stay(code: int) -> None:
        if os.getpid() != process:
            leave(code)  # in a child process of the plugin
        raise IsolationError(f"it called os._exit({code})")

    def register_unless_own(caller: str, *given: Any, **named: Any) -> Any:
        if caller.partition(".")[0] != package:
            return register(*given, **named)
        changed.append("registered an exit handler")
        return given[0]

    os._exit = stay  # type: ignore[assignment]
    atexit.register = lambda *given, **named: register_unless_own(
        str(sys._getframe(1).f_globals.get("__name__")), *given, **named
    )
    try:
        yield
    finally:
        os._exit, atexit.register = leave, register


@contextmanager
def _limits(changed: list[str]) -> Iterator[None]:
    """Ignore new resource limits: a lower hard limit could not be undone."""
    if sys.platform == "win32":
        yield
        return
    original = resource.setrlimit
    resource.setrlimit = lambda *_: changed.append("changed a resource limit")
    try:
        yield
    finally:
        resource.setrlimit = original


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
