"""Standard output and error: encoding, plugins that print, and closed streams."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    Stream = TextIO
else:
    Stream = io.TextIOBase  # replacements in tests lack parts of `TextIO`


def accept_any_text() -> None:
    """Let both streams write any text, whatever their encoding.

    Unencodable characters, and bytes of names that are not UTF-8, are written as \\u2026.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def open_missing_descriptors() -> None:
    """Where the process was started with a standard stream closed, open nothing in its place.

    Else the next file that is opened would get its number, and be read and written as if it
    were the stream.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one


@contextmanager
def results_only() -> Iterator[Stream]:
    """Yield standard output for results, and redirect everything else printed to standard error.

    So --json output contains only the result, even if a plugin or a C library prints.
    """
    stdout = sys.stdout
    if not _is_of_the_process(stdout):
        sys.stdout = sys.stderr
        try:
            yield stdout or io.StringIO()
        finally:
            sys.stdout = stdout
        return
    stdout.flush()
    # Line-buffered, so that a server's address is visible at once.
    with open(  # noqa: PTH123 - a file descriptor
        os.dup(1), "w", buffering=1, encoding=stdout.encoding, errors="backslashreplace"
    ) as answers:
        os.dup2(2, 1)
        try:
            yield answers
        finally:
            with suppress(OSError, ValueError):  # perhaps closed by a plugin
                stdout.flush()
            os.dup2(answers.fileno(), 1)


def detach(stream: Stream | None) -> None:
    """Point a stream to the null device, so that the interpreter does not flush it at exit."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]  # None if it is closed
        os.close(nowhere)


def _is_of_the_process(stdout: Stream | None) -> bool:
    """Whether this is the process's standard output; a program may have replaced it."""
    try:
        return stdout is not None and stdout.fileno() == 1 and sys.stderr.fileno() == 2
    except (OSError, ValueError, AttributeError):
        return False
