"""Atomic writes, content hashes and free space."""

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from reenactor.errors import InputError, OutputError
from reenactor.inputs import require_regular_file

_PART = re.compile(r"\.(.+)\.[0-9a-f]{8}\.part(\.signed)?", re.DOTALL)
"""Names of incomplete files, of `replacing` and of signing."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors for a file that cannot grow: disk full, quota exceeded, file too large."""


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, in hex.

    Raises:
        InputError: the file is missing, a folder, or cannot be read.
    """
    require_regular_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise input_error(path, error) from error


def input_error(path: Path, error: OSError) -> InputError:
    """The error for a file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        return InputError(
            f"file not found: {path}", given=str(path), advice="check the path for misspellings"
        )
    if isinstance(error, IsADirectoryError):
        return InputError(f"{path} is a folder", given="a folder", expected="a file")
    return InputError(
        f"{path} cannot be read", given=_reason(error), advice="check the file's permissions"
    )


def output_error(path: Path, error: OSError, needed: int | None = None) -> OutputError:
    """The error for a file that cannot be written.

    `needed` is the size of the file in bytes, if known.
    """
    if error.errno not in FULL:
        return OutputError(
            f"{path} cannot be written",
            given=_reason(error),
            advice="check that the folder exists and is writable",
        )
    expected = "space for the file"
    if needed is not None:
        expected = f"at least {readable(needed)} free"
    return OutputError(
        f"no space left for {path}",
        given=f"{readable(_free(path.parent))} free ({_reason(error)})",
        expected=expected,
        advice="free some space, or write to another disk",
    )


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def readable(size: int) -> str:
    """A size in bytes for people: 999 bytes, 1.5 kB, 12.0 MB."""
    if size < 1000:
        return f"{size} bytes"
    amount = float(size)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.95:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} TB"


def _free(folder: Path) -> int:
    """Free bytes on the disk of `folder`, which may not exist yet."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def require_space(folder: Path, size: int) -> None:
    """Make sure that `size` bytes are free on the disk of `folder`, which may not exist yet.

    Raises:
        OutputError: they are not.
    """
    free = _free(folder)
    if free < size:
        raise OutputError(
            f"not enough space in {folder}",
            given=f"{readable(free)} free",
            expected=f"at least {readable(size)} free",
            advice="free some space, or write to another disk",
        )


def make_folder(folder: Path) -> None:
    """Make a folder and its parents if they are missing. Raises `OutputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error


def flush_to_disk(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk.

    Otherwise a power cut may leave a name without its content. A folder that cannot be opened is
    skipped: Windows allows none to be opened, and elsewhere a folder may be writable but not
    readable.
    """
    folder = path.is_dir()
    try:
        handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    except PermissionError:
        if folder:
            return
        raise
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replacing(path: Path, needed: int | None = None) -> Iterator[Path]:
    """Yield a temporary path beside `path`, which replaces `path` when the block ends.

    On an error the temporary file is removed and `path` is not changed. Missing folders are made.
    `needed`, in bytes, is for the message when the disk is full.

    Raises:
        OutputError: the file cannot be written; raised for any `OSError` of the block.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
        flush_to_disk(temporary)
        temporary.replace(path)
        flush_to_disk(path.parent)
    except OSError as error:
        raise output_error(path, error, needed) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_parts(folder: Path, name: str | None = None) -> None:
    """Remove temporary files of `replacing` that a killed process left.

    They are those of the file `name`, or of all files in a folder and its subfolders.

    The caller must hold the lock of the files that are written there.
    """
    with suppress(OSError):
        for path in folder.rglob(".*") if name is None else folder.iterdir():
            found = _PART.fullmatch(path.name)
            if found and name in (None, found[1]):
                path.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: readers see the old content or the new. Raises `OutputError`."""
    with replacing(path, len(content)) as temporary:
        temporary.write_bytes(content)


def write_json(path: Path, value: object) -> None:
    """Write a value as indented JSON, atomically, without NaN.

    Names with bytes that are not UTF-8 are written so that Python's `json` reads them back.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    write_bytes(path, (text + "\n").encode(errors="backslashreplace"))


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises `InputError`."""
    require_regular_file(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise input_error(path, error) from error
    return json_value(content, str(path))


def json_value(content: bytes | str, name: str) -> Any:
    """Parse JSON in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    `name` names the text in messages.

    Raises:
        InputError: invalid JSON (NaN and Infinity are), or too deeply nested.
    """
    try:
        if isinstance(content, bytes):
            content = content.decode(json.detect_encoding(content))
        return json.loads(content.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        problem = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        raise InputError(
            f"{name} is not valid JSON",
            given=problem if content else "an empty file",
            expected="JSON in UTF-8",
            advice="write the file again, or copy it again if it is truncated",
        ) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
