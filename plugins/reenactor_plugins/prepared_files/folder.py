"""Finds the file of a frame in a folder of prepared files.

For a source named `dance` (the stem of `dance.mp4` or `dance.jpg`) the files are:

1. those of the folder `dance` in the given folder, or of the given folder if it is named `dance`:
   every file in it is a frame;
2. otherwise those of the given folder whose names begin with `dance`: `dance.png` or
   `dance_keypoints.json` alone is a photo's, `dance_000000000012_keypoints.json` is a frame's.

The last digits in a name are the frame's number. Numbering may start at 0, 1 or 100: if all numbers
fit into the source they are frame numbers, even if the first files are missing; otherwise the
smallest number is the first frame. Frames without a file are allowed, but if half of the frames or
more have none, the files are assumed to belong to another video.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reenactor.errors import InputError

_NUMBER = re.compile(r"(\d+)\D*$")
_OPENPOSE = re.compile(r"(?<!\d)\d{12}\D*$")
"""OpenPose's frame numbers: twelve digits, starting at 0."""
_REST_OF_PHOTO = re.compile(r"(_[A-Za-z]+)?")
_REST_OF_FRAME = re.compile(r"[-_. ]\d+([-_ ]?[A-Za-z]+)?")


class PreparedFolder:
    """The files in a folder that end with `suffix` (".json", say)."""

    def __init__(self, folder: Path, suffix: str) -> None:
        if not folder.is_dir():
            raise InputError(
                f"the folder {folder} does not exist",
                given=str(folder),
                expected=f"a folder with {suffix} files",
                advice="name an existing folder in the option `folder`",
            )
        self._folder = folder
        self._suffix = suffix
        self._sources: dict[tuple[str, int | None], dict[int, Path]] = {}

    def file(self, source: str, index: int, count: int | None = None) -> Path | None:
        """The file of one frame; None if it has none.

        `count` is the number of frames of the source (1 for a photo), if known.

        Raises:
            InputError: the source has no file at all, two for one frame, or a number of files that
                does not fit it.
        """
        if (source, count) not in self._sources:
            self._sources[source, count] = self._numbered(source, count)
        return self._sources[source, count].get(index)

    def _numbered(self, source: str, count: int | None) -> dict[int, Path]:
        """The source's files by frame."""
        inside = self._folder / source
        if inside.is_dir() and not (count == 1 and self._photos(source)):
            paths = self._ending(inside)
        elif self._folder.name == source:
            paths = self._ending(self._folder)
        else:
            paths = self._frames(source)
            photos = self._photos(source)
            if photos and (count in (None, 1) or not paths):
                return self._checked([(0, path) for path in photos[:2]])
        if not paths:
            raise InputError(
                f"no file in {self._folder} belongs to {source!r}",
                given=str(self._folder),
                expected=f"{source}{self._suffix}, {source}_000000{self._suffix} and so on, or a "
                f"folder {source} with one {self._suffix} file for each frame",
                advice=f"rename the files, or put them into {self._folder / source}",
            )
        numbered = self._checked(_by_number(paths))
        if count is None:
            first = min(numbered)
        else:
            first = _first(numbered, count)
            _require_fitting(numbered, first, source, count)
        return {number - first: path for number, path in numbered.items()}

    def _photos(self, source: str) -> list[Path]:
        """The files named like a photo's."""
        return [path for rest, path in self._named(source) if _REST_OF_PHOTO.fullmatch(rest)]

    def _frames(self, source: str) -> list[Path]:
        """The files named like a frame's."""
        return [path for rest, path in self._named(source) if _REST_OF_FRAME.fullmatch(rest)]

    def _named(self, source: str) -> list[tuple[str, Path]]:
        return [
            (path.stem.removeprefix(source), path)
            for path in self._ending(self._folder)
            if path.name.startswith(source)
        ]

    def _ending(self, folder: Path) -> list[Path]:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == self._suffix)

    @staticmethod
    def _checked(numbered: Iterable[tuple[int, Path]]) -> dict[int, Path]:
        files: dict[int, Path] = {}
        for number, path in numbered:
            if number in files:
                raise InputError(
                    f"two files have the same frame number: {files[number].name} and {path.name}",
                    given=str(path.parent),
                    expected="one file for each number",
                    advice="move one of the two elsewhere",
                )
            files[number] = path
        return files


def _by_number(paths: Iterable[Path]) -> Iterator[tuple[int, Path]]:
    """Files with the numbers in their names."""
    for path in paths:
        match = _NUMBER.search(path.stem)
        yield int(match[1]) if match else 0, path


def _first(numbered: Mapping[int, Path], count: int) -> int:
    """The number of the first of `count` frames."""
    low, high = min(numbered), max(numbered)
    if high >= count or (low == 1 and not _OPENPOSE.search(numbered[1].stem)):
        return low
    return 0


def _require_fitting(numbered: Mapping[int, Path], first: int, source: str, count: int) -> None:
    """Raise an error if the files do not fit a source of `count` frames."""
    low, high = min(numbered), max(numbered)
    if high - first < count and 2 * len(numbered) > count:
        return
    more = high - first >= count
    raise InputError(
        f"the prepared files of {source!r} belong to another video",
        given=f"{len(numbered)} files, numbered {low} to {high}",
        expected="one file for a photo" if count == 1 else f"a file for each of {count} frames",
        advice="remove the other files"
        if more
        else "make the files from this video at its own frame rate",
    )
