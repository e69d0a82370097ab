"""Too little memory: noticed before the work where a limit is set, and told as such at any time."""

import errno
import re
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

from reenactor.errors import ReenactorError

_AT_WORK = 1 << 30
"""Bytes beyond the libraries that a small spec reserves while it works."""

_TRIAL = f"import torch, cv2, av, onnxruntime, mmap; mmap.mmap(-1, {_AT_WORK})"

_SAID = re.compile(
    "(not enough|can't allocate|cannot allocate|insufficient|out of) memory"
    "|bad.?alloc|failed to map segment|can't start new thread|MemoryError",
    re.IGNORECASE,
)
"""How Python, the system's loader, torch, OpenCV and onnxruntime say that memory ran out."""

_LIMITS: Mapping[str, str] = MappingProxyType({"RLIMIT_AS": "-v", "RLIMIT_DATA": "-d"})
"""Limits of a process's memory, and the options of the shell's `ulimit` that set them."""


def memory_error(error: BaseException) -> ReenactorError | None:
    """The error for one that says, in the words of whatever library, that memory ran out."""
    text = str(error)
    of_system = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if not (isinstance(error, MemoryError) or of_system or _SAID.search(text)):
        return None
    return _too_little(text.splitlines()[0] if text else type(error).__name__)


def require_memory() -> None:
    """Where this process may have only so much memory, make sure that it is enough to begin.

    Some libraries end the whole process when they cannot have what they want, which nobody can
    catch. So another process tries first, under the same limit, to load them and to have some more.

    Raises:
        ReenactorError: it could not.
    """
    if not _limit():
        return
    tried = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _TRIAL], capture_output=True, text=True, check=False
    )
    if tried.returncode < 0 or (tried.returncode and _SAID.search(tried.stderr)):
        raise _too_little("the libraries cannot be loaded with some room to work")


def _too_little(given: str) -> ReenactorError:
    limit = _limit()
    return ReenactorError(
        "not enough memory",
        given=f"{given} ({limit})" if limit else given,
        expected="about 5 GB of address space for a small spec" if limit else "",
        advice="lift the limit" if limit else "end other programs, or take a smaller canvas",
    )


def _limit() -> str:
    """The limit that this process has, as the shell sets it; nothing where it has none."""
    if sys.platform == "win32":
        return ""
    import resource

    for name, option in _LIMITS.items():
        most, _ = resource.getrlimit(getattr(resource, name))
        if most != resource.RLIM_INFINITY:
            return f"ulimit {option} {most // 1024}"
    return ""
