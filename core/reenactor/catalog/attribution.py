"""Attributes exceptions to the plugin whose code raised them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from reenactor.catalog.entries import UNKNOWN, Provider, printable
from reenactor.catalog.isolation import isolated
from reenactor.errors import PluginError, ReenactorError
from reenactor.installation import installation_error

_NO_ROOM = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "insufficient memory",
    "failed to allocate memory",
    "bad_alloc",
)
"""How torch, OpenCV and ONNX Runtime report it, each with its own exception type."""


@contextmanager
def attributed(
    what: str, target: str, provider: Provider, importing: bool = False
) -> Iterator[None]:
    """Turn any exception raised inside into a `PluginError` that names the plugin.

    Errors of reenactor pass through (components raise them to tell users what to do), and so does
    Ctrl-C. Standard output and error are open afterwards.

    Args:
        what: the failure, for example "the parser 'mine' cannot be imported".
        target: the dotted name of the code.
        provider: the plugin that the code belongs to.
        importing: whether the code is an import, which must not have side effects.

    Raises:
        PluginError: the code raised any other exception, even `SystemExit`, or had side effects.
        ReenactorError: memory ran out, which is not the plugin's fault.
    """
    package = re.split("[.:]", target)[0]
    try:
        with isolated(package if importing else ""):
            yield
    except (ReenactorError, KeyboardInterrupt):
        raise
    except BaseException as error:  # a plugin may raise anything
        if lacks_memory(error):
            raise ReenactorError(
                "not enough memory",
                given=f"{what}: {one_line(error)}",
                advice="a smaller canvas (output.height and output.width), or another --device",
            ) from error
        packages = ("reenactor", "reenactor_plugins", package)
        missing = installation_error(error, packages)
        if missing is not None:
            raise PluginError(
                f"{what}: {missing.problem} ({missing.given})",
                given=written_by(target, provider),
                expected=missing.expected,
                advice=missing.advice,
            ) from error
        raise broken(f"{what}: {one_line(error)}", target, provider) from error


def broken(problem: str, target: str, provider: Provider, expected: str = "") -> PluginError:
    """An error about a plugin's code: the problem, the plugin, and where to report it."""
    return PluginError(
        problem, given=written_by(target, provider), expected=expected, advice=report_to(provider)
    )


def report_to(provider: Provider) -> str:
    """Where to report a failure of the plugin."""
    address = provider.address
    where = f"report it to its author ({address})" if address else "report it to its author"
    return f"{where}; `reenactor --debug …` shows the traceback"


def written_by(target: str, provider: Provider) -> str:
    """The plugin and the code: "reenactor-mine 1.0, reenactor_mine.parts:Mine"."""
    return target if provider is UNKNOWN else f"{provider}, {target}"


def one_line(error: BaseException) -> str:
    """An exception in one line: its type and its message, if it has one."""
    try:
        text = printable(str(error))
    except BaseException:  # `__str__` may be a plugin's code too
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def lacks_memory(error: BaseException) -> bool:
    """Whether the machine or its GPU ran out of memory."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = one_line(error).lower()
    return not isinstance(error, OSError | ReenactorError) and any(w in text for w in _NO_ROOM)
