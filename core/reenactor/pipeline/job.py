"""The folder of an unfinished output, from which an interrupted run continues.

It is `.<name>.reenactor` beside the output. `job.json` holds the job's fingerprint, which is
everything the frames depend on, and the files of each finished segment. A later run with the same
fingerprint makes the segments that are missing or damaged; with another one it starts over.
"""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from reenactor.errors import InputError, OutputError
from reenactor.media.contents import digest_of
from reenactor.media.files import make_folder, output_error, read_json, write_json
from reenactor.media.outputs import remove

VERSION = 2
"""Of the folder's layout."""
_STATE = "job.json"
_OURS = re.compile(r"job\.json|past-\d{6}\.safetensors|[a-z]+-\d{6}(\.[a-z0-9]+)?|\.[a-z]+.*\.part")
"""Names of the files that a job puts into its folder."""


class Job:
    """An unfinished output. Nothing is read or written before `open`."""

    def __init__(self, output: Path, fingerprint: Mapping[str, object]) -> None:
        self.folder = folder_of(output)
        self._state: dict[str, Any] = {
            "version": VERSION,
            "fingerprint": json.loads(json.dumps(fingerprint)),
            "segments": {},
            "joining": False,
        }

    def open(self) -> bool:
        """Start, or continue an earlier run.

        Returns:
            Whether an earlier run was discarded because it had other settings or was damaged.

        Raises:
            OutputError: something else has the folder's name, or it cannot be written.
        """
        self.require_ours()
        stored = self._stored()
        if stored is not None:
            self._state = stored
            return False
        stale = bool(self._contents())
        self.remove()
        make_folder(self.folder)
        self._write()
        return stale

    def require_ours(self) -> None:
        """Raises `OutputError` where something else has the folder's name."""
        given = ""
        if self.folder.is_symlink():
            given = "a link"
        elif self.folder.exists() and not self.folder.is_dir():
            given = "a file"
        elif (found := self._contents()) and not any(map(_OURS.fullmatch, found)):
            given = f"a folder with other files ({found[0]})"
        if given:
            raise OutputError(
                f"{self.folder} is needed for the unfinished output",
                given=given,
                expected="nothing, or the files of an interrupted run",
                advice="move it, or use another output",
            )

    def _contents(self) -> list[str]:
        try:
            return sorted(path.name for path in self.folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise output_error(self.folder, error) from error

    def _stored(self) -> dict[str, Any] | None:
        """The stored state of this job; None if it is missing or damaged."""
        try:
            stored = read_json(self.folder / _STATE)
        except InputError:
            return None
        if not isinstance(stored, dict) or stored.keys() != self._state.keys():
            return None
        same = all(stored[key] == self._state[key] for key in ("version", "fingerprint"))
        valid = isinstance(stored["segments"], dict) and isinstance(stored["joining"], bool)
        return stored if same and valid else None

    def _write(self) -> None:
        write_json(self.folder / _STATE, self._state)

    @property
    def was_joining(self) -> bool:
        """Whether an interrupted run of this job may have left finished outputs."""
        stored = None if self.folder.is_symlink() else self._stored()
        return stored is not None and bool(stored["joining"])

    def begin_joining(self) -> None:
        """Record that outputs of this job may now appear under their names."""
        self._state["joining"] = True
        self._write()

    def segment(self, stream: str, number: int, suffix: str) -> Path:
        """The file of a segment of an output stream."""
        return self.folder / f"{stream}-{number:06d}{suffix}"

    def past(self, number: int) -> Path:
        """The file of the last frames of segment `number`, for a renderer with a history."""
        return self.folder / f"past-{number:06d}.safetensors"

    def record(self, number: int, frames: int, digests: Mapping[str, str | None]) -> None:
        """Record the files of segment `number`, which is done once they have their names."""
        self._state["segments"][str(number)] = {"frames": frames, "files": dict(digests)}
        self._write()

    def is_intact(self, number: int, frames: int, files: Iterable[Path]) -> bool:
        """Whether segment `number` has this many frames and at least these files, all undamaged."""
        stored = self._state["segments"].get(str(number))
        if not isinstance(stored, dict) or stored.get("frames") != frames:
            return False
        written = stored.get("files")
        if not isinstance(written, dict) or not {path.name for path in files} <= written.keys():
            return False
        return all(
            digest is not None and digest == digest_of(self.folder / name)
            for name, digest in written.items()
        )

    def remove(self) -> None:
        """Remove the job's files, and the folder if nothing else is in it."""
        for name in self._contents():
            if _OURS.fullmatch(name):
                remove(self.folder / name)
        with suppress(OSError):
            self.folder.rmdir()


def folder_of(output: Path) -> Path:
    """The job folder of an output."""
    return output.parent / f".{output.name}.reenactor"
