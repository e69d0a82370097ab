"""Files that appear whole or not at all, content hashes, locks, and free space."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, in hex. Reads in pieces; raises `InputError`."""
    raise NotImplementedError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; what is written there replaces `path` at the end.

    On an error the temporary file is removed and `path` stays as it was.
    """
    raise NotImplementedError
    yield path


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file at once: readers see the old content or the new. Raises `OutputError`."""


def write_json(path: Path, value: Mapping[str, object]) -> None:
    """The same for a value as JSON."""


def locked(path: Path) -> AbstractContextManager[None]:
    """Hold `path` for this process while the block runs; `OutputError` if another holds it."""
    raise NotImplementedError


def require_space(folder: Path, size: int) -> None:
    """Raise `OutputError` unless `size` bytes are free where `folder` is (or will be)."""
