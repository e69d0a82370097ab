"""Records of finished steps: the inputs of each step, and digests of the files it made.

A step is skipped if its record has the same inputs and its files are unchanged. Records are written
last, atomically and with a checksum, so interrupted or damaged steps run again.
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
    """The sha256 of JSON values."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()


def is_done(record: Path, inputs: Mapping[str, object]) -> bool:
    """Whether a step was finished with these inputs and its files are intact."""
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
    """Record a finished step. `made` are its files and folders, beside `record`."""
    sums = {path.name: _sum(path) for path in made}
    stored = {"key": key_of(inputs), "inputs": inputs, "result": result, "made": sums}
    write_json(record, {**stored, "sum": key_of(stored)})


def result_of(record: Path) -> object:
    """The result of a finished step."""
    stored: object = read_json(record)["result"]
    return stored


def _sum(path: Path) -> str:
    """A digest of a file, or of the files in a folder."""
    return digest_of(sorted(path.iterdir())) if path.is_dir() else sha256_of(path)
