"""Reading weight files without executing code."""

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from reenactor.errors import WeightsError

HEADER = "reenactor"
"""The key of a file's header under which our training says what it is, as JSON. One key: several
are written in any order, and equal trainings give equal bytes."""
SUFFIXES = (".safetensors", ".pt", ".pth")


def load_tensors(path: Path, inside: str = "state_dict") -> dict[str, Tensor]:
    """Read the tensors of a weight file onto the CPU, by their names.

    A checkpoint that keeps its tensors under the name `inside` is opened there.

    Raises:
        WeightsError: the file is of another kind, holds anything but tensors, or is damaged.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise WeightsError(
            "weights of this kind are not loaded", given=str(path), expected=", ".join(SUFFIXES)
        )
    try:
        if suffix == ".safetensors":
            return load_file(path)
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise WeightsError(
            "the weights cannot be read without executing code, or are damaged",
            given=str(path),
            expected="tensors by name, as safetensors or torch.save(model.state_dict()) write them",
            advice=str(error).splitlines()[0] if str(error) else "",
        ) from error
    return _tensors(loaded, path, inside)


def said_of(path: Path) -> Mapping[str, Any]:
    """What a file that our training wrote says of itself: its component, the options of its
    network, the version. Nothing for other files.

    Raises:
        WeightsError: the file is damaged.
    """
    if path.suffix.lower() != ".safetensors":
        return {}
    try:
        with safe_open(path, "pt") as file:
            said = json.loads((file.metadata() or {}).get(HEADER, "{}"))
    except (OSError, SafetensorError, ValueError, RecursionError) as error:
        raise WeightsError(
            "the weights are damaged", given=str(path), advice=str(error).splitlines()[0]
        ) from error
    return said if isinstance(said, dict) else {}


def _tensors(loaded: Any, path: Path, inside: str) -> dict[str, Tensor]:
    if isinstance(loaded, Mapping) and isinstance(loaded.get(inside), Mapping):
        loaded = loaded[inside]
    if not isinstance(loaded, Mapping):
        raise WeightsError(
            "the file holds no tensors by name",
            given=f"a {type(loaded).__name__} in {path}",
            expected="a state dict",
        )
    others = [str(name) for name, value in loaded.items() if not isinstance(value, Tensor)]
    if others:
        raise WeightsError(
            "the file holds more than tensors",
            given=f"{', '.join(others[:8])} in {path}",
            expected="a state dict",
        )
    return {str(name): value for name, value in loaded.items()}
