"""A job's folder: what it is, which segments are done, and how an interrupted one goes on.

The folder stands beside the output as `.<name>.reenactor`. `job.json` holds the job's
fingerprint: everything the frames depend on. A later run with the same fingerprint goes on
behind the last finished segment; with another one it starts anew.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reenactor.media.files import write_json

VERSION = 1


@dataclass(frozen=True)
class Job:
    """One output in the making."""

    folder: Path
    fingerprint: Mapping[str, object]

    @classmethod
    def opened(cls, output: Path, fingerprint: Mapping[str, object]) -> tuple["Job", bool]:
        """Begin or go on.

        Returns:
            The job, and whether an earlier attempt with other settings was thrown away.
        """
        job = cls(folder_of(output), {"version": VERSION, **fingerprint})
        stale = job.folder.exists() and not job._is_mine()
        if stale:
            shutil.rmtree(job.folder)
        job.folder.mkdir(parents=True, exist_ok=True)
        write_json(job.folder / "job.json", job.fingerprint)
        return job, stale

    def _is_mine(self) -> bool:
        try:
            stored = json.loads((self.folder / "job.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return bool(stored == json.loads(json.dumps(self.fingerprint)))

    def segment(self, track: str, number: int, suffix: str) -> Path:
        """Where a segment of an output track is, or will be."""
        return self.folder / f"{track}-{number:06d}{suffix}"

    def past(self, number: int) -> Path:
        """Where the frames that segment `number` must see again are kept."""
        return self.folder / f"past-{number:06d}.safetensors"

    def remove(self) -> None:
        """The job is done."""
        shutil.rmtree(self.folder)


def folder_of(output: Path) -> Path:
    """The folder of the job that makes this output."""
    return output.parent / f".{output.name}.reenactor"
