"""What may be given as an input: picture and video suffixes, and regular files only."""

import stat
from contextlib import suppress
from pathlib import Path

from reenactor.errors import InputError

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".avif", ".bmp", ".dib", ".tif", ".tiff"}
    | {".jp2", ".j2k", ".jpx", ".ppm", ".pgm", ".pbm", ".pnm"}
)
"""Pictures that are read. A GIF is taken for a video: most are animations."""

UNREAD_PICTURE_SUFFIXES = frozenset({".heic", ".heif"})
"""Pictures that are not read, but recognized so that the error says what they are."""

VIDEO_SUFFIXES = frozenset({".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".gif", ".apng"})
"""Videos, as backgrounds are recognized by their suffix."""

_KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def what_is(path: Path) -> str:
    """The kind of a path, in words: a file, a folder, a link to a device …

    Raises:
        OSError: the path does not exist or cannot be accessed.
    """
    kind = _KINDS.get(stat.S_IFMT(path.lstat().st_mode), "something unknown")
    if path.is_symlink():
        with suppress(OSError):
            return f"{kind} to {_KINDS.get(stat.S_IFMT(path.stat().st_mode), 'something unknown')}"
    return kind


def require_regular_file(path: Path) -> None:
    """Make sure that a path is not a pipe, socket or device, which may never end.

    Raises:
        InputError: it is one. Missing files and folders pass.
    """
    with suppress(OSError, ValueError):
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise InputError(
                f"{path} is not a regular file",
                given=what_is(path),
                expected="a file, because it is read more than once",
                advice="save its content to a file and use that",
            )
