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
SHOWN = 80
"""Characters of a tensor's name in a message."""
LONGEST = 300
"""Characters of a reader's reason in a message."""


def training_info(path: Path) -> Mapping[str, Any]:
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
    if not lines:
        return type(error).__name__
    return f"{type(error).__name__}: {shortened(lines[0], LONGEST)}"


def shortened(text: str, most: int = SHOWN) -> str:
    """Text out of a file as a message may show it: printable, in one line, and not too long."""
    short = text if len(text) <= most else f"{text[:most]}…"
    return short if short.isprintable() else ascii(short)
