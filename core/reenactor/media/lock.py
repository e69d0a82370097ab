"""Locks on outputs, so that no two runs write the same file."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path

from filelock import lock_descriptor

from reenactor.errors import OutputError
from reenactor.inputs import what_is
from reenactor.media.files import make_folder, output_error, remove_parts

_OURS = re.compile(rb"\s*(process \d+\s*)?|\0+")
"""The content of our lock files; zeros after a power cut."""
_LONGEST = 100
"""How many bytes of it are read."""


@contextmanager
def locked(*outputs: Path) -> Iterator[None]:
    """Lock outputs while the block runs, so that no other run writes them.

    The lock of each is a file `.<name>.lock` beside it. The operating system releases it when the
    process ends, however it ends. Lock files and temporary files of `replacing` that a killed
    process left are removed.

    Raises:
        OutputError: another run holds one of the locks, or its folder cannot be written.
    """
    with ExitStack() as stack:
        # Sorted, so that one of two runs with the same outputs gets all locks.
        for output in sorted({output.absolute() for output in outputs}):
            stack.enter_context(_one(output))
            remove_parts(output.parent, output.name)
        yield


@contextmanager
def _one(output: Path) -> Iterator[None]:
    make_folder(output.parent)
    lock = output.parent / f".{output.name}.lock"
    try:
        file = _hold(lock)
    except OSError as error:
        if isinstance(error, PermissionError) and lock.exists():
            raise OutputError(
                f"{output} is or was being written by another user",
                given=f"{lock} is not writable",
                advice="wait for that run; if it has ended, remove the lock file",
            ) from error
        raise output_error(output, error) from error
    if file is None:
        raise OutputError(
            f"another run is writing {output}",
            given=_holder(lock),
            advice="wait for it, stop it, or use another output",
        )
    try:
        yield
    finally:
        with suppress(OSError):  # on Windows an open file cannot be removed
            lock.unlink()
        file.close()


def _hold(lock: Path) -> FileIO | None:
    """Open and lock the file; None if another process holds the lock.

    The previous holder may remove the file between our opening and locking it. Our lock would then
    be on a file that nobody else finds, so we try again.
    """
    while True:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(lock.lstat().st_mode):
                raise _not_ours(lock, what_is(lock))
        with ExitStack() as stack:
            file = stack.enter_context(lock.open("a+b", buffering=0))
            if not lock_descriptor(file.fileno(), blocking=False):
                return None
            try:
                if not os.path.samestat(os.fstat(file.fileno()), lock.lstat()):
                    continue
            except FileNotFoundError:
                continue
            file.seek(0)
            if not _OURS.fullmatch(file.read(_LONGEST)):
                raise _not_ours(lock, "a file of another program")
            try:
                file.truncate(0)
                # On Windows the first byte is locked; others can read the rest.
                file.write(f"\nprocess {os.getpid()}\n".encode())
            except OSError:
                lock.unlink()
                raise
            stack.pop_all()
            return file


def _not_ours(lock: Path, given: str) -> OutputError:
    return OutputError(
        f"{lock} is not a lock of reenactor",
        given=given,
        expected="no such file",
        advice="move it, or use another output",
    )


def _holder(lock: Path) -> str:
    with suppress(OSError, ValueError), lock.open("rb", buffering=0) as file:
        file.seek(1)
        return file.read(_LONGEST).decode().strip()
    return ""
