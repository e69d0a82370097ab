"""Digests of files and folders, and whether they changed."""

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reenactor.errors import InputError
from reenactor.media.files import sha256_of

Stamp = tuple[tuple[str, int, int, int, int], ...]
"""Name, device, inode, size and modification time of a file, or of every file in a folder."""


def files_in(folder: Path, without: Collection[Path] = ()) -> Iterator[Path]:
    """The files in a folder and its subfolders, in order.

    Hidden files and those in `without` (absolute paths) are left out.
    """
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in sorted(folders) if _counts(here / name, without)]
        for name in sorted(names):
            if _counts(here / name, without) and (here / name).is_file():
                yield here / name


def _counts(path: Path, without: Collection[Path]) -> bool:
    return not path.name.startswith(".") and path.absolute() not in without


def digest_of(path: Path, without: Collection[Path] = ()) -> str | None:
    """The sha256 of a file's content, or of the names and contents of `files_in` a folder, in hex.

    None if nothing can be read there.
    """
    try:
        if not path.is_dir():
            return sha256_of(path) if path.is_file() else None
        listed = [
            (file.relative_to(path).as_posix(), digest_of(file)) for file in files_in(path, without)
        ]
    except (InputError, OSError):
        return None
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def stamp_of(path: Path, without: Collection[Path] = ()) -> Stamp:
    """A cheap stamp that changes when a file, or any file in a folder, is written or replaced."""
    found = []
    for file in files_in(path, without) if path.is_dir() else [path]:
        try:
            state = file.stat()
        except OSError:
            continue
        found.append((str(file), state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns))
    return tuple(found)


@dataclass(frozen=True)
class Inputs:
    """Files and folders that are read, by their names in messages.

    `digests` are of their contents when `seen` was called.
    """

    paths: Mapping[str, Path]
    digests: Mapping[str, str | None]
    stamps: Mapping[str, Stamp]
    without: frozenset[Path] = frozenset()

    @classmethod
    def seen(cls, paths: Mapping[str, Path], without: Collection[Path] = ()) -> "Inputs":
        """Digest them now, leaving out the files in `without`, such as outputs."""
        left = frozenset(path.absolute() for path in without)
        stamps = {name: stamp_of(path, left) for name, path in paths.items()}
        digests = {name: digest_of(path, left) for name, path in paths.items()}
        return cls(paths, digests, stamps, left)

    def require_unchanged(self) -> None:
        """Make sure that the inputs have not changed since `seen`.

        Raises:
            InputError: one of them has.
        """
        for name, path in self.paths.items():
            if stamp_of(path, self.without) != self.stamps[name]:
                raise InputError(
                    f"{path} changed during the run",
                    given=f"{name}: other content or modification time than at the start",
                    expected="inputs that do not change until the command ends",
                    advice="run the command again when no other program writes to it",
                )


NOTHING = Inputs({}, {}, {})
"""No inputs."""
