"""What was done before: each step leaves a record of what it was made from.

A step whose record says the same as what it would be made from now is not done again. Records
are written last and whole, so an interrupted step is done again and a finished one is not.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from reenactor.errors import InputError
from reenactor.media.files import read_json, write_json


def key_of(inputs: Mapping[str, object]) -> str:
    """The sha256 of plain values."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()


def is_done(record: Path, inputs: Mapping[str, object]) -> bool:
    """Whether a step was finished with these very inputs."""
    try:
        stored = read_json(record)
    except InputError:
        return False
    return isinstance(stored, dict) and "result" in stored and stored.get("key") == key_of(inputs)


def finish(record: Path, inputs: Mapping[str, object], result: object = None) -> None:
    """Say that a step is finished."""
    write_json(record, {"key": key_of(inputs), "inputs": inputs, "result": result})


def result_of(record: Path) -> object:
    """What a finished step said."""
    stored: object = read_json(record)["result"]
    return stored
