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
"""What a lock file of ours holds; zeros where the power failed."""
_LONGEST = 100
"""Bytes that are read of it."""


@contextmanager
def locked(*outputs: Path) -> Iterator[None]:
    """Hold outputs for this process while the block runs, so that no other run writes them.

    The lock of each is a file `.<name>.lock` beside it, held by the operating system: it ends
    with the process, however that ends. A lock file that a killed process left does no harm, and
    neither do the half-made files of `replacing` that it left: they are removed.

    Raises:
        OutputError: another run holds one of them, or its folder cannot be written.
    """
    with ExitStack() as stack:
        # In order, so that of two runs that want the same outputs one gets them all.
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
                given=f"{lock}, which you may not write",
                advice="wait for that run; if it has ended, remove this file",
            ) from error
        raise output_error(output, error) from error
    if file is None:
        raise OutputError(
            f"another run is writing {output}",
            given=_holder(lock),
            advice="wait for it or stop it, or choose another output",
        )
    try:
        yield
    finally:
        with suppress(OSError):  # on Windows, open files cannot be removed: there it stays
            lock.unlink()
        file.close()


def _hold(lock: Path) -> FileIO | None:
    """Open and lock the file, or None where another process has it.

    Whoever had it before may have removed the name between our opening and our locking; then
    the lock is on a file that nobody else will find, and we try again.
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
                raise _not_ours(lock, "a file of something else")
            try:
                file.truncate(0)
                # Windows lets others read all but the first byte, which is what is locked there.
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
        advice="move it, or choose another output",
    )


def _holder(lock: Path) -> str:
    with suppress(OSError, ValueError), lock.open("rb", buffering=0) as file:
        file.seek(1)
        return file.read(_LONGEST).decode().strip()
    return ""
