"""Turning errors into messages and exit codes."""

import errno
import json
import os
import sys
import traceback
from typing import Any

import typer

from reenactor import __version__
from reenactor.cli.memory import memory_error
from reenactor.cli.settings import GlobalOptions
from reenactor.cli.streams import Stream, detach
from reenactor.errors import OutputError, ReenactorError, UsageError
from reenactor.installation import installation_error

INTERRUPTED = 130
BROKEN_PIPE = 141
DEFECT = 70

_REFUSED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})

# The base of typer's errors for an invalid command line, which has no public name.
_UsageProblem: type[Exception] = typer.BadParameter.__bases__[0]


def exit_code_of(error: BaseException, settings: GlobalOptions) -> int:
    """Print an error to stderr and return its exit code.

    With `--json`, the error is also printed to stdout as JSON.
    """
    if isinstance(error, BrokenPipeError):
        detach(sys.stdout)
        return BROKEN_PIPE
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        stopped = settings.stop.signal
        _print("interrupted" if stopped is None else f"stopped by {stopped.name}", sys.stderr)
        return INTERRUPTED if stopped is None else 128 + stopped
    if settings.debug:
        traceback.print_exception(error)
    if isinstance(error, _UsageProblem):
        error = _usage(error)
    if isinstance(error, ReenactorError):
        _tell(error, settings)
        return error.exit_code
    outside = _unwritable(error) or memory_error(error) or installation_error(error)
    if outside is not None:
        _tell(outside, settings)
        return outside.exit_code
    _tell(_defect(error), settings)
    return DEFECT


def keep_exit_code(code: int) -> None:
    """See to it that what runs at exit, such as a library's or a plugin's, hides no failure."""
    process, leave = os.getpid(), os._exit

    def keep(other: int) -> None:
        leave(code if os.getpid() == process and code else other)

    os._exit = keep  # type: ignore[assignment]


def _usage(error: Any) -> UsageError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "reenactor"
    return UsageError(error.format_message(), advice=f"{command} --help")


class _DefectError(ReenactorError):
    """A bug in reenactor."""

    exit_code = DEFECT


def _defect(error: BaseException) -> ReenactorError:
    return _DefectError(
        f"a bug in reenactor: {type(error).__name__}: {error}",
        given=f"reenactor {__version__}, Python {sys.version.split()[0]}, {sys.platform}",
        advice="run the command again with --debug after `reenactor`, and report the output",
    )


def _unwritable(error: BaseException) -> OutputError | None:
    """The error for a standard output that cannot be written, for example on a full disk."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _REFUSED:
        return None
    detach(sys.stdout)
    return OutputError(
        f"cannot write to standard output: {error.strerror}",
        advice="free some space, or redirect the output",
    )


def _tell(error: ReenactorError, settings: GlobalOptions) -> None:
    _print(f"error: {error}", sys.stderr)
    if settings.as_json:
        _print(json.dumps({"error": error_as_json(error)}, indent=2), sys.stdout)


def _print(text: str, stream: Stream) -> None:
    """Print, or do nothing if the stream is gone."""
    try:
        print(text, file=stream, flush=True)
    except OSError:
        detach(stream)


def error_as_json(error: ReenactorError) -> dict[str, Any]:
    """An error as JSON."""
    return {
        "kind": type(error).__name__.lstrip("_"),
        "exit_code": error.exit_code,
        "problem": error.problem,
        "given": error.given,
        "expected": error.expected,
        "advice": error.advice,
        "problems": [problem.as_json() for problem in getattr(error, "problems", ())],
    }
