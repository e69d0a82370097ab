"""One download of a file at a time, also between processes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for a lock file and hold it; the system lets go of it when the process ends."""
    with path.open("ab") as file:
        _acquire(file)
        yield


if sys.platform == "win32":
    import msvcrt
    import time

    def _acquire(file: IO[bytes]) -> None:
        while True:
            try:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.2)  # LK_LOCK would give up after ten seconds
            else:
                return

else:
    import fcntl

    def _acquire(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)
