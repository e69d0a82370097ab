"""Reads weight files without executing code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from reenactor.errors import WeightsError
from reenactor.weights.header import damaged, shortened
from reenactor.weights.opcodes import require_safe_checkpoint

SUFFIXES = (".safetensors", ".pt", ".pth", ".pth.tar")
COUNTER = "num_batches_tracked"
"""Suffix of BatchNorm's counters, which inference does not use."""
FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool)
SHOWN = 3
"""The most tensors listed in a message."""


def load_tensors(path: Path, inside: str = "state_dict") -> dict[str, Tensor]:
    """Load the tensors of a weight file onto the CPU, by name.

    If a checkpoint stores its tensors under the key `inside`, that key is read.

    Raises:
        WeightsError: the format is not supported, the file holds more than tensors, or is damaged.
    """
    if not path.name.lower().endswith(SUFFIXES):
        raise WeightsError(
            "unsupported weight format", given=str(path), expected=", ".join(SUFFIXES)
        )
    try:
        if path.suffix.lower() == ".safetensors":
            loaded: Any = load_file(path)
        else:
            require_safe_checkpoint(path)
            loaded = torch.load(path, map_location="cpu", weights_only=True)
        return sound(_tensors(loaded, path, inside), path)
    except WeightsError:
        raise
    except Exception as error:  # a damaged pickle may raise anything
        raise damaged(
            path,
            error,
            "tensors by name, as safetensors or torch.save(model.state_dict()) write them",
        ) from error


def sound(tensors: Mapping[str, Tensor], path: Path) -> dict[str, Tensor]:
    """Validate the tensors of a file and return them.

    Raises:
        WeightsError: some have no values, an unsupported type, or values that are not finite; names
            them.
    """
    troubles = [
        f"{shortened(name)}: {trouble}"
        for name, tensor in tensors.items()
        if (trouble := _unusable(tensor, counts=name.endswith(COUNTER)))
    ]
    if troubles:
        more = f" and {len(troubles) - SHOWN} more" if len(troubles) > SHOWN else ""
        raise WeightsError(
            "the file holds tensors that cannot be used",
            given=f"{'; '.join(troubles[:SHOWN])}{more} in {path}",
            expected="dense tensors of finite numbers (float16, bfloat16, float32, float64, or "
            "integers where the network has them)",
            advice="get the file again, or use an earlier checkpoint",
        )
    return dict(tensors)


def _unusable(tensor: Tensor, counts: bool) -> str:
    """The problem with a tensor; empty if it can be used."""
    if tensor.layout is not torch.strided or tensor.is_quantized or tensor.device.type != "cpu":
        return f"not dense: {tensor.layout} {tensor.dtype} on {tensor.device}"
    if tensor.dtype not in FLOATS + INTEGERS:
        return f"of type {tensor.dtype}"
    if counts or tensor.dtype in INTEGERS:
        return ""
    storage = tensor.untyped_storage()
    if (
        tensor.numel() * tensor.itemsize > storage.nbytes()
    ):  # one stored value may be expanded to billions
        tensor = tensor.new_empty(0).set_(storage)
    wrong = int((~torch.isfinite(tensor)).sum())
    return f"{wrong} of {tensor.numel()} numbers are NaN or infinite" if wrong else ""


def _tensors(loaded: Any, path: Path, inside: str) -> dict[str, Tensor]:
    held = _items(loaded)
    if isinstance(held.get(inside), dict):
        loaded = held[inside]
        held = _items(loaded)
    if not isinstance(loaded, dict):
        raise WeightsError(
            "the file has no named tensors",
            given=f"a {type(loaded).__name__} in {path}",
            expected="a state dict",
        )
    others = [shortened(str(name)) for name, value in held.items() if not isinstance(value, Tensor)]
    if others:
        raise WeightsError(
            "the file contains values other than tensors",
            given=f"{', '.join(others[:8])} in {path}",
            expected="a state dict",
        )
    names = [str(name) for name in held]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise WeightsError(
            "the file has two tensors of one name",
            given=f"{', '.join(map(shortened, twice[:SHOWN]))} in {path}",
            expected="a state dict whose keys are different texts",
        )
    # Drop attributes that a pickle sets on tensors: they may shadow methods.
    return {str(name): Tensor.detach(value) for name, value in held.items()}


def _items(loaded: Any) -> dict[Any, Any]:
    """A mapping as a plain dict: a pickle may set any attribute of an OrderedDict."""
    return dict(dict.items(loaded)) if isinstance(loaded, dict) else {}
