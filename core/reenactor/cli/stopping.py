"""SIGTERM and SIGHUP end a command like Ctrl-C: temporary files are removed, with a message."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
_REPEAT = 2.0
"""Seconds in which a repeated signal is ignored: `timeout`, and shells whose terminal closes, send
it to both the process and its group."""


class Stop:
    """The signal that ended the command; None if there was none."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._until = 0.0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Raise `KeyboardInterrupt` for the signals while the block runs.

        Signals that are ignored (`nohup`) or already handled are left alone.
        """
        before = {number: signal.getsignal(number) for number in SIGNALS}
        ours = [number for number, handler in before.items() if handler is signal.SIG_DFL]
        for number in ours:
            signal.signal(number, self._handle)
        try:
            yield
        finally:
            for number in ours:
                signal.signal(number, signal.SIG_DFL)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        if time.monotonic() < self._until:
            return
        self._until = time.monotonic() + _REPEAT
        self.signal = signal.Signals(number)
        raise KeyboardInterrupt
