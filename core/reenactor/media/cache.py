"""The folder in which the people of watched videos are remembered: private, of bounded size."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reenactor.cache import cache_folder
from reenactor.media.files import output_error

LIMIT = 1 << 30
"""Bytes that are remembered; what was not used for longest goes first."""
SUFFIX = ".crowd"
_STALE = 24 * 3600
"""Seconds after which a half-made file is a killed writer's."""


def watched_folder() -> Path:
    """Where the people of watched videos are remembered, unless a program says otherwise."""
    return cache_folder() / "watched"


@dataclass(frozen=True)
class Kept:
    """One remembered video: its file, bytes, and when it was used last (seconds since 1970)."""

    path: Path
    size: int
    used: float


def kept(folder: Path) -> list[Kept]:
    """What is remembered, the latest used last."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                if path.suffix == SUFFIX:
                    state = path.stat()
                    found.append(Kept(path, state.st_size, state.st_mtime))
    return sorted(found, key=lambda one: (one.used, one.path.name))


def make_private(folder: Path) -> None:
    """Make the folder, or take from others the right to look into it. Raises `OutputError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise output_error(folder, error) from error


def note_use(path: Path) -> None:
    """Something remembered was of use, so that it stays."""
    with suppress(OSError):
        path.touch()


def trim(folder: Path, limit: int = LIMIT) -> None:
    """Forget what was not used for longest until `limit` is kept; the latest used always stays."""
    found = kept(folder)
    size = sum(one.size for one in found)
    for one in found[:-1]:
        if size <= limit:
            break
        with suppress(OSError):
            one.path.unlink()
            size -= one.size
    _remove_half_made(folder, time.time() - _STALE)


def clear(folder: Path) -> list[Kept]:
    """Forget everything; gives what there was.

    Raises:
        OutputError: a file cannot be removed.
    """
    found = kept(folder)
    for one in found:
        try:
            one.path.unlink(missing_ok=True)
        except OSError as error:
            raise output_error(one.path, error) from error
    _remove_half_made(folder, time.time())
    return found


def _remove_half_made(folder: Path, before: float) -> None:
    for path in folder.glob(f".*{SUFFIX}.*.part"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()
