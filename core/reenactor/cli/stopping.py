"""SIGTERM and SIGHUP end a command as Ctrl-C does: what is half made is removed, and it is said."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
_ONE_WISH = 2.0
"""Seconds within which a signal that comes again is the same one: `timeout` sends it to the
process and to its group, and so do shells whose terminal closes."""


class Stop:
    """Which signal ended the command; None as long as none did."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._until = 0.0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Until the block ends, each of the signals raises `KeyboardInterrupt`.

        One that is ignored stays so (`nohup`), and so does one that somebody else handles.
        """
        before = {number: signal.getsignal(number) for number in SIGNALS}
        ours = [number for number, handler in before.items() if handler is signal.SIG_DFL]
        for number in ours:
            signal.signal(number, self._arrived)
        try:
            yield
        finally:
            for number in ours:
                signal.signal(number, signal.SIG_DFL)

    def _arrived(self, number: int, frame: FrameType | None) -> None:
        del frame
        if time.monotonic() < self._until:
            return
        self._until = time.monotonic() + _ONE_WISH
        self.signal = signal.Signals(number)
        raise KeyboardInterrupt
