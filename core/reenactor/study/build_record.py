"""A record of the files that `study new` makes, so that it can resume safely."""

from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from reenactor.errors import InputError
from reenactor.media.files import read_json, remove_parts, sha256_of, write_json
from reenactor.media.outputs import WORK, remove

FOLDERS = ("videos", "drivers", "targets")
"""The subfolders of a study."""
_LIST = TypeAdapter(dict[str, tuple[str, str]])


class BuildRecord:
    """A hidden file in the study's folder, until the study is complete: the digests of the source
    and of the content of each file. Requires the folder's lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._list = folder / ".made.json"
        self._now: dict[str, tuple[str, str]] = {}
        try:
            self._before = _LIST.validate_python(read_json(self._list))
        except (InputError, ValidationError):
            self._before = {}
        for name in FOLDERS:
            remove_parts(folder / name)
            for work in (folder / name).rglob(f".*{WORK}"):
                remove(work)

    def knows(self, output: Path) -> bool:
        """Whether an interrupted run made this file."""
        return output.relative_to(self._folder).as_posix() in self._before

    def file(self, output: Path, source: str, make: Callable[[], None]) -> None:
        """Make a file unless it exists, unchanged, from this `source` (a digest)."""
        name = output.relative_to(self._folder).as_posix()
        if not output.exists() or self._before.get(name) != (source, sha256_of(output)):
            self._write(name, (source, ""))
            make()
        self._write(name, (source, sha256_of(output)))

    def tidy(self) -> None:
        """Remove files of an interrupted run that this study does not need."""
        for name in self._before.keys() - self._now.keys():
            path = self._folder / name
            if path.is_relative_to(self._folder) and ".." not in path.parts:
                path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Delete the record: the study is complete."""
        self._list.unlink(missing_ok=True)

    def _write(self, name: str, said: tuple[str, str]) -> None:
        self._now[name] = said
        write_json(self._list, self._before | self._now)
