"""The files that `study new` makes, so that one which was interrupted goes on and mixes nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from reenactor.errors import InputError, UsageError
from reenactor.media.files import read_json, remove_parts, sha256_of, write_json
from reenactor.study.encode import SCRATCH

FOLDERS = ("videos", "drivers", "targets")
"""Where they lie in the study's folder."""
_LIST = TypeAdapter(dict[str, tuple[str, str]])


class Made:
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
            for scratch in (folder / name).rglob(f"{SCRATCH}*"):
                shutil.rmtree(scratch, ignore_errors=True)

    def file(self, output: Path, source: str, make: Callable[[], None]) -> None:
        """Make a file unless it is there as it would be made from `source` (a sum of that).

        Raises:
            UsageError: a file is there that was not made here.
        """
        name = output.relative_to(self._folder).as_posix()
        if output.exists() and name not in self._before:
            raise UsageError(
                "a file is there that the study would have to replace",
                given=str(output),
                advice="move it, or make the study in another folder",
            )
        if not output.exists() or self._before[name] != (source, sha256_of(output)):
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
