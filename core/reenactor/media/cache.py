"""The cache of people detected in videos: a private folder of bounded size."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reenactor.cache import cache_folder
from reenactor.media.files import output_error

LIMIT = 1 << 30
"""Largest size in bytes; the least recently used files are removed first."""
SUFFIX = ".crowd"
_STALE = 24 * 3600
"""Seconds after which an incomplete file must be from a killed process."""


def crowd_folder() -> Path:
    """The default folder of the cache."""
    return cache_folder() / "watched"


@dataclass(frozen=True)
class CachedCrowd:
    """The cached people of one video: file, bytes, and last use in seconds since 1970."""

    path: Path
    size: int
    used: float


def cached_crowds(folder: Path) -> list[CachedCrowd]:
    """The cached files, the most recently used last."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                if path.suffix == SUFFIX:
                    state = path.stat()
                    found.append(CachedCrowd(path, state.st_size, state.st_mtime))
    return sorted(found, key=lambda one: (one.used, one.path.name))


def make_private(folder: Path) -> None:
    """Make the folder, or make it readable by its owner only. Raises `OutputError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise output_error(folder, error) from error


def note_use(path: Path) -> None:
    """Mark a file as used now."""
    with suppress(OSError):
        path.touch()


def trim(folder: Path, limit: int = LIMIT) -> None:
    """Remove the least recently used files beyond `limit` bytes; the last one always stays."""
    found = cached_crowds(folder)
    size = sum(one.size for one in found)
    for one in found[:-1]:
        if size <= limit:
            break
        with suppress(OSError):
            one.path.unlink()
            size -= one.size
    _remove_incomplete(folder, time.time() - _STALE)


def clear(folder: Path) -> list[CachedCrowd]:
    """Remove everything.

    Returns:
        What was removed.

    Raises:
        OutputError: a file cannot be removed.
    """
    found = cached_crowds(folder)
    for one in found:
        try:
            one.path.unlink(missing_ok=True)
        except OSError as error:
            raise output_error(one.path, error) from error
    _remove_incomplete(folder, time.time())
    return found


def _remove_incomplete(folder: Path, before: float) -> None:
    for path in folder.glob(f".*{SUFFIX}.*.part"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()
