"""Which file of a folder belongs to which frame of which source.

For a source called `dance` (the stem of `dance.mp4` or `dance.jpg`) these are looked at:

1. the folder `dance` inside the given folder, or the given folder itself if it is called `dance`:
   every file in it is a frame;
2. otherwise the files of the given folder whose names begin with `dance`: `dance.png` or
   `dance_keypoints.json` alone is a photo's, `dance_000000000012_keypoints.json` is a frame's.

Frames are numbered by the last digits in their names, and the smallest number is the first
frame, so that numbering may begin with 0, 1 or 100. A number that is missing is a frame about
which nothing is known.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from reenactor.errors import InputError

_NUMBER = re.compile(r"(\d+)\D*$")
_REST_OF_PHOTO = re.compile(r"(_[A-Za-z]+)?")
_REST_OF_FRAME = re.compile(r"[-_. ]\d+([-_ ]?[A-Za-z]+)?")


class PreparedFolder:
    """The files in a folder that end with `suffix` (".json", say)."""

    def __init__(self, folder: Path, suffix: str) -> None:
        if not folder.is_dir():
            raise InputError(
                f"there is no folder {folder}",
                given=str(folder),
                expected=f"a folder with {suffix} files",
                advice="name an existing folder in the option `folder`",
            )
        self._folder = folder
        self._suffix = suffix
        self._sources: dict[str, dict[int, Path]] = {}

    def file(self, source: str, index: int) -> Path | None:
        """The file of one frame; None where that frame has none.

        Raises:
            InputError: the source has no file at all, or two for one frame.
        """
        if source not in self._sources:
            self._sources[source] = self._numbered(source)
        return self._sources[source].get(index)

    def _numbered(self, source: str) -> dict[int, Path]:
        """The source's files by frame."""
        inside = self._folder / source
        if inside.is_dir():
            paths = self._ending(inside)
        elif self._folder.name == source:
            paths = self._ending(self._folder)
        else:
            named = [
                (path.stem.removeprefix(source), path)
                for path in self._ending(self._folder)
                if path.name.startswith(source)
            ]
            photo = [path for rest, path in named if _REST_OF_PHOTO.fullmatch(rest)]
            if photo:
                return self._checked([(0, path) for path in photo[:2]])
            paths = [path for rest, path in named if _REST_OF_FRAME.fullmatch(rest)]
        if not paths:
            raise InputError(
                f"no file in {self._folder} belongs to {source!r}",
                given=str(self._folder),
                expected=f"{source}{self._suffix}, {source}_000000{self._suffix} and so on, or a "
                f"folder {source} with one {self._suffix} file for each frame",
                advice=f"rename the files, or put them into {self._folder / source}",
            )
        return self._checked(_by_number(paths))

    def _ending(self, folder: Path) -> list[Path]:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == self._suffix)

    @staticmethod
    def _checked(numbered: Iterable[tuple[int, Path]]) -> dict[int, Path]:
        files: dict[int, Path] = {}
        for number, path in numbered:
            if number in files:
                raise InputError(
                    f"two files are the same frame: {files[number].name} and {path.name}",
                    given=str(path.parent),
                    expected="one file for each number",
                    advice="move one of the two elsewhere",
                )
            files[number] = path
        return files


def _by_number(paths: Iterable[Path]) -> list[tuple[int, Path]]:
    """Files with their frames: the smallest number in their names is frame 0."""
    numbered = []
    for path in paths:
        match = _NUMBER.search(path.stem)
        numbered.append((int(match[1]) if match else 0, path))
    first = min(number for number, _ in numbered)
    return [(number - first, path) for number, path in numbered]
