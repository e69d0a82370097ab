"""Files that appear whole or not at all, content hashes, and free space."""

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
from reenactor.inputs import require_plain

_PART = re.compile(r"\.(.+)\.[0-9a-f]{8}\.part(\.signed)?", re.DOTALL)
"""How `replacing` calls a file that is not complete, and signing one of those."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says when a file may not grow: disk full, quota reached, file too large."""


def sha256_of(path: Path) -> str:
    """The sha256 of a file's content, in hex.

    Raises:
        InputError: the file is missing, a folder, or cannot be read.
    """
    require_plain(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise input_error(path, error) from error


def input_error(path: Path, error: OSError) -> InputError:
    """What to tell the user of a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return InputError(
            f"there is no file {path}", given=str(path), advice="check the path for misspellings"
        )
    if isinstance(error, IsADirectoryError):
        return InputError(f"{path} is a folder", given="a folder", expected="a file")
    return InputError(
        f"{path} cannot be read", given=_reason(error), advice="check the file and its rights"
    )


def output_error(path: Path, error: OSError, needed: int | None = None) -> OutputError:
    """What to tell the user of a file that the system does not let us write.

    `needed` is how many bytes the file takes, where that is known.
    """
    if error.errno not in FULL:
        return OutputError(
            f"{path} cannot be written",
            given=_reason(error),
            advice="check that the folder exists and that you may write there",
        )
    expected = "room for the file"
    if needed is not None:
        expected = f"at least {readable(needed)} free"
    return OutputError(
        f"there is no room for {path}",
        given=f"{readable(_free(path.parent))} free ({_reason(error)})",
        expected=expected,
        advice="free some space, or write to another disk",
    )


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def readable(size: int) -> str:
    """A number of bytes as people write it: 999 bytes, 1.5 kB, 12.0 MB."""
    if size < 1000:
        return f"{size} bytes"
    amount = float(size)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.95:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} TB"


def _free(folder: Path) -> int:
    """Bytes free where `folder` is, or will be once it is made."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def require_space(folder: Path, size: int) -> None:
    """Make sure, before any work, that `size` bytes are free where `folder` is or will be.

    Raises:
        OutputError: they are not.
    """
    free = _free(folder)
    if free < size:
        raise OutputError(
            f"there is not enough room in {folder}",
            given=f"{readable(free)} free",
            expected=f"at least {readable(size)} free",
            advice="free some space, or write to another disk",
        )


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, if they are missing. Raises `OutputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error


def flush_to_disk(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk.

    Without it a power cut may leave a name without its content. A folder that cannot be opened
    is left alone: on Windows none can, which orders names itself, and elsewhere one may be open
    to writing but not to reading.
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
    """Give a temporary path beside `path`; what is written there replaces `path` at the end.

    On an error the temporary file is removed and `path` stays as it was. Missing folders are
    made. `needed` is for the message when the disk is full.

    Raises:
        OutputError: the file cannot be written; made from any `OSError` of the block.
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
    """Remove what `replacing` left when its process was killed: of the file `name`, or of all
    files in a folder and those below.

    Only for the one who holds the lock of whatever is written there.
    """
    with suppress(OSError):
        for path in folder.rglob(".*") if name is None else folder.iterdir():
            found = _PART.fullmatch(path.name)
            if found and name in (None, found[1]):
                path.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file at once: readers see the old content or the new. Raises `OutputError`."""
    with replacing(path, len(content)) as temporary:
        temporary.write_bytes(content)


def write_json(path: Path, value: object) -> None:
    """The same for a value as JSON: readable, keys in the order given, no NaN.

    A name that holds bytes which are not UTF-8 is written as Python's `json` reads it back.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    write_bytes(path, (text + "\n").encode(errors="backslashreplace"))


def read_json(path: Path) -> Any:
    """Read a JSON file; raises as `json_value` does, and where the file cannot be read."""
    require_plain(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise input_error(path, error) from error
    return json_value(content, str(path))


def json_value(content: bytes | str, name: str) -> Any:
    """What a JSON text says: UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    `name` is what the text is called in messages.

    Raises:
        InputError: it is not JSON (NaN and Infinity are not), or nested too deeply to be read.
    """
    try:
        if isinstance(content, bytes):
            content = content.decode(json.detect_encoding(content))
        return json.loads(content.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(
            f"{name} is not valid JSON",
            given=said if content else "an empty file",
            expected="JSON in UTF-8",
            advice="write the file anew, or copy it again if it was cut short",
        ) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
