"""Out-of-memory errors: checking a limit before the work, and reporting them at any time."""

import errno
import re
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

from reenactor.errors import ReenactorError

_AT_WORK = 1 << 30
"""Bytes that a small spec needs beyond the libraries."""

_TRIAL = f"import torch, cv2, av, onnxruntime, mmap; mmap.mmap(-1, {_AT_WORK})"

_MESSAGE = re.compile(
    "(not enough|can't allocate|cannot allocate|insufficient|out of) memory"
    "|bad.?alloc|failed to map segment|can't start new thread|MemoryError",
    re.IGNORECASE,
)
"""Out-of-memory messages of Python, the system's loader, torch, OpenCV and onnxruntime."""

_LIMITS: Mapping[str, str] = MappingProxyType({"RLIMIT_AS": "-v", "RLIMIT_DATA": "-d"})
"""Limits of a process's memory, and the options of the shell's `ulimit` that set them."""


def memory_error(error: BaseException) -> ReenactorError | None:
    """The error for any library's out-of-memory error; None for other errors."""
    text = str(error)
    of_system = isinstance(error, OSError) and error.errno == errno.ENOMEM
    if not (isinstance(error, MemoryError) or of_system or _MESSAGE.search(text)):
        return None
    return _too_little(text.splitlines()[0] if text else type(error).__name__)


def require_memory() -> None:
    """If this process has a memory limit, make sure that it is large enough.

    Some libraries abort the process when they run out of memory, which cannot be caught. So another
    process with the same limit first tries to load them and to allocate some more.

    Raises:
        ReenactorError: it failed.
    """
    if not _limit():
        return
    tried = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _TRIAL], capture_output=True, text=True, check=False
    )
    if tried.returncode < 0 or (tried.returncode and _MESSAGE.search(tried.stderr)):
        raise _too_little("no memory left after loading the libraries")


def _too_little(given: str) -> ReenactorError:
    limit = _limit()
    return ReenactorError(
        "out of memory",
        given=f"{given} ({limit})" if limit else given,
        expected="about 5 GB of address space for a small spec" if limit else "",
        advice="raise the limit" if limit else "close other programs, or use a smaller canvas",
    )


def _limit() -> str:
    """This process's memory limit as a shell command; empty if it has none."""
    if sys.platform == "win32":
        return ""
    import resource

    for name, option in _LIMITS.items():
        most, _ = resource.getrlimit(getattr(resource, name))
        if most != resource.RLIM_INFINITY:
            return f"ulimit {option} {most // 1024}"
    return ""
