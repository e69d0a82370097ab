"""The files that `study new` makes, so that one which was interrupted goes on and mixes nothing."""

from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from reenactor.errors import InputError
from reenactor.media.files import read_json, remove_parts, sha256_of, write_json
from reenactor.media.outputs import WORK, remove

FOLDERS = ("videos", "drivers", "targets")
"""Where they lie in the study's folder."""
_LIST = TypeAdapter(dict[str, tuple[str, str]])


class BuildRecord:
    """Until a study is made, a hidden list in its folder says of each file from what it was made,
    and what it then was. For the one who holds the folder's lock."""

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
        """Whether an interrupted study made a file of that name here."""
        return output.relative_to(self._folder).as_posix() in self._before

    def file(self, output: Path, source: str, make: Callable[[], None]) -> None:
        """Make a file unless it is there as it would be made from `source` (a sum of that)."""
        name = output.relative_to(self._folder).as_posix()
        if not output.exists() or self._before.get(name) != (source, sha256_of(output)):
            self._write(name, (source, ""))
            make()
        self._write(name, (source, sha256_of(output)))

    def tidy(self) -> None:
        """Remove what an interrupted study made and this one does not have."""
        for name in self._before.keys() - self._now.keys():
            path = self._folder / name
            if path.is_relative_to(self._folder) and ".." not in path.parts:
                path.unlink(missing_ok=True)

    def finish(self) -> None:
        """The study is made: the list has served."""
        self._list.unlink(missing_ok=True)

    def _write(self, name: str, said: tuple[str, str]) -> None:
        self._now[name] = said
        write_json(self._list, self._before | self._now)
