"""Reads the metadata of weight files, without torch, so that checking a spec is fast."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import safe_open

from reenactor.errors import WeightsError

HEADER = "reenactor"
"""The key in a file's header under which training stores its metadata as JSON. A single key: the
order of several is undefined, and equal trainings must give equal bytes."""
SHOWN = 80
"""The most characters of a tensor's name in a message."""
LONGEST = 300
"""The most characters of a reader's error in a message."""


def training_info(path: Path) -> Mapping[str, Any]:
    """The metadata that training stored in a file: the component, the options of its network, the
    training canvas, the version. Empty for other files.

    Raises:
        WeightsError: the file is damaged.
    """
    if path.suffix.lower() != ".safetensors":
        return {}
    try:
        with safe_open(path, "np") as file:
            said = json.loads((file.metadata() or {}).get(HEADER, "{}"))
    except Exception as error:  # for example, too deeply nested JSON
        raise damaged(path, error, "a safetensors file with a header in JSON") from error
    return said if isinstance(said, dict) else {}


def damaged(path: Path, error: Exception, expected: str) -> WeightsError:
    """The error for a weight file that could not be read at all."""
    return WeightsError(
        "the weights are damaged or cannot be read without executing code",
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
    """Text from a file, made printable and shortened to one line for a message."""
    short = text if len(text) <= most else f"{text[:most]}…"
    return short if short.isprintable() else ascii(short)
