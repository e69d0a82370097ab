"""What a file of weights says of itself. Imports no torch, so that a spec is checked at once."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import safe_open

from reenactor.errors import WeightsError

HEADER = "reenactor"
"""The key of a file's header under which our training says what it is, as JSON. One key: several
are written in any order, and equal trainings give equal bytes."""


def said_of(path: Path) -> Mapping[str, Any]:
    """What a file that our training wrote says of itself: its component, the options of its
    network, the canvas it was trained on, the version. Nothing for other files.

    Raises:
        WeightsError: the file is damaged.
    """
    if path.suffix.lower() != ".safetensors":
        return {}
    try:
        with safe_open(path, "np") as file:
            said = json.loads((file.metadata() or {}).get(HEADER, "{}"))
    except Exception as error:  # JSON that is nested too deeply, among others
        raise damaged(path, error, "a safetensors file with a header in JSON") from error
    return said if isinstance(said, dict) else {}


def damaged(path: Path, error: Exception, expected: str) -> WeightsError:
    """The error that says that a file of weights could not be read at all."""
    return WeightsError(
        "the weights cannot be read without executing code, or are damaged",
        given=str(path),
        expected=expected,
        advice=f"get the file again ({_reason(error)})",
    )


def _reason(error: Exception) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
