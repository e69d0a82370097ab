"""Whose code failed: an exception out of a plugin names the plugin, not reenactor."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from reenactor.catalog.entries import UNKNOWN, Provider
from reenactor.catalog.isolation import isolated
from reenactor.errors import PluginError, ReenactorError
from reenactor.installation import installation_error

LONGEST = 400
"""Characters of an exception's text; what networks say of their shapes can be endless."""

_NO_ROOM = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "insufficient memory",
    "failed to allocate memory",
    "bad_alloc",
)
"""How torch, OpenCV and ONNX Runtime say it, each as an exception of its own."""


@contextmanager
def attributed(
    what: str, target: str, provider: Provider, importing: bool = False
) -> Iterator[None]:
    """Whatever is raised inside is the failure of that plugin.

    Our own errors pass (a component says with them what its user can do), and so does Ctrl-C.
    Standard output and error are open afterwards.

    Args:
        what: who does what, as in "the parser 'mine' cannot be imported".
        target: which code that is.
        provider: whose it is.
        importing: a module is imported, which must have no effects on others.

    Raises:
        PluginError: the code inside raised anything else, even an exit, or disturbed others.
        ReenactorError: there was too little memory, which is nobody's fault.
    """
    try:
        with isolated(importing):
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
        packages = ("reenactor", "reenactor_plugins", re.split("[.:]", target)[0])
        lacking = installation_error(error, packages)
        if lacking is not None:
            raise PluginError(
                f"{what}: {lacking.problem} ({lacking.given})",
                given=written_by(target, provider),
                expected=lacking.expected,
                advice=lacking.advice,
            ) from error
        raise broken(f"{what}: {one_line(error)}", target, provider) from error


def broken(problem: str, target: str, provider: Provider, expected: str = "") -> PluginError:
    """What to tell of a plugin's code: the problem, whose code it is, and whom to tell."""
    return PluginError(
        problem, given=written_by(target, provider), expected=expected, advice=report_to(provider)
    )


def report_to(provider: Provider) -> str:
    """What to do about the failure of a plugin."""
    address = provider.address
    where = f"report it to its author ({address})" if address else "report it to its author"
    return f"{where}; `reenactor --debug …` shows the traceback"


def written_by(target: str, provider: Provider) -> str:
    """Some code of a plugin, and whose it is: "reenactor-mine 1.0, reenactor_mine.parts:Mine"."""
    return target if provider is UNKNOWN else f"{provider}, {target}"


def one_line(error: BaseException) -> str:
    """An exception in one line: its type, and what it says if it can."""
    try:
        text = " ".join(str(error).split())
    except BaseException:  # its text is a plugin's code too
        text = ""
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
    return f"{type(error).__name__}: {short}" if short else type(error).__name__


def lacks_memory(error: BaseException) -> bool:
    """Whether there was too little memory, of this machine or of its GPU."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = one_line(error).lower()
    return not isinstance(error, OSError | ReenactorError) and any(w in text for w in _NO_ROOM)
