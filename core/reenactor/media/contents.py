"""What files and folders hold, and whether they are still what they were."""

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reenactor.errors import InputError
from reenactor.media.files import sha256_of

Stamp = tuple[tuple[str, int, int, int, int], ...]
"""Name, device, inode, size and time of last change of a file, or of every file of a folder."""


def files_in(folder: Path, without: Collection[Path] = ()) -> Iterator[Path]:
    """The files of a folder and those below it, in order. Hidden ones are left out, and so is
    what `without` names by absolute paths."""
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in sorted(folders) if _counts(here / name, without)]
        for name in sorted(names):
            if _counts(here / name, without) and (here / name).is_file():
                yield here / name


def _counts(path: Path, without: Collection[Path]) -> bool:
    return not path.name.startswith(".") and path.absolute() not in without


def digest_of(path: Path, without: Collection[Path] = ()) -> str | None:
    """What stands for the content of a file (its sha256) or of a folder, hex.

    A folder's digest is over the names and contents of `files_in`. None where there is nothing
    that can be read: whoever needs it says so.
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
    """What changes when a file is written or replaced, or any file of a folder; costs little."""
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
    """Files and folders that are read, each by what it is called in messages.

    `digests` are their contents as they were when `seen` was called.
    """

    paths: Mapping[str, Path]
    digests: Mapping[str, str | None]
    stamps: Mapping[str, Stamp]
    without: frozenset[Path] = frozenset()

    @classmethod
    def seen(cls, paths: Mapping[str, Path], without: Collection[Path] = ()) -> "Inputs":
        """Look at them now. What `without` names is no part of a folder: the outputs, say."""
        left = frozenset(path.absolute() for path in without)
        stamps = {name: stamp_of(path, left) for name, path in paths.items()}
        digests = {name: digest_of(path, left) for name, path in paths.items()}
        return cls(paths, digests, stamps, left)

    def require_unchanged(self) -> None:
        """Make sure that what was read since is what `digests` stands for.

        Raises:
            InputError: one was written or replaced.
        """
        for name, path in self.paths.items():
            if stamp_of(path, self.without) != self.stamps[name]:
                raise InputError(
                    f"{path} changed while it was read",
                    given=f"{name}: another content or time than at the beginning",
                    expected="inputs that stay as they are until the command ends",
                    advice="run the command again when nothing writes to it",
                )


NOTHING = Inputs({}, {}, {})
"""No inputs."""
