"""Standard output and error: what may be written to them, by whom, and what if they are gone."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    Stream = TextIO
else:
    Stream = io.TextIOBase  # what stands in for a stream in tests lacks some of `TextIO`


def take_any_text() -> None:
    """Let both streams write every text, whatever their encoding.

    What cannot be encoded is written as \\u2026; so are bytes of names that are not UTF-8.
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
def answers_alone() -> Iterator[Stream]:
    """Give standard output for answers; what anybody else prints meanwhile goes to standard error.

    So that with --json, or into a file, there is the answer and nothing else: a plugin may print,
    and so may a library below Python.
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
    # Line by line: who reads the address of a server may not wait for the buffer to fill.
    with open(  # noqa: PTH123 - a number, no path
        os.dup(1), "w", buffering=1, encoding=stdout.encoding, errors="backslashreplace"
    ) as answers:
        os.dup2(2, 1)
        try:
            yield answers
        finally:
            with suppress(OSError, ValueError):  # closed by a plugin, perhaps
                stdout.flush()
            os.dup2(answers.fileno(), 1)


def let_go(stream: Stream | None) -> None:
    """Forget what a stream could not write, so that the interpreter does not try again."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]  # None where it is closed
        os.close(nowhere)


def _is_of_the_process(stdout: Stream | None) -> bool:
    """Whether it is the real standard output: within a program it may be anything else."""
    try:
        return stdout is not None and stdout.fileno() == 1 and sys.stderr.fileno() == 2
    except (OSError, ValueError, AttributeError):
        return False
