"""What was done before: each step leaves a record of what it was made from, and of what it made.

A step is not done again where its record says the same as what it would be made from now, and its
files are as they were made. Records are written last and whole and bear a sum of their own, so
an interrupted step and one whose record or files were damaged are done again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reenactor.errors import InputError
from reenactor.evaluation.crops import digest_of
from reenactor.media.files import read_json, sha256_of, write_json


def key_of(inputs: Mapping[str, object]) -> str:
    """The sha256 of plain values."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()


def is_done(record: Path, inputs: Mapping[str, object]) -> bool:
    """Whether a step was finished with these very inputs, and what it made is still whole."""
    try:
        stored: Any = read_json(record)
        sound = stored.pop("sum") == key_of(stored) and stored["key"] == key_of(inputs)
        return sound and all(_sum(record.parent / n) == s for n, s in stored["made"].items())
    except (InputError, AttributeError, KeyError, TypeError):
        return False


def finish(
    record: Path,
    inputs: Mapping[str, object],
    result: object = None,
    made: Iterable[Path] = (),
) -> None:
    """Say that a step is finished. `made` are its files, and folders of files, beside `record`."""
    sums = {path.name: _sum(path) for path in made}
    stored = {"key": key_of(inputs), "inputs": inputs, "result": result, "made": sums}
    write_json(record, {**stored, "sum": key_of(stored)})


def result_of(record: Path) -> object:
    """What a finished step said."""
    stored: object = read_json(record)["result"]
    return stored


def _sum(path: Path) -> str:
    """What stands for the content of a file, or of the files in a folder."""
    return digest_of(sorted(path.iterdir())) if path.is_dir() else sha256_of(path)
