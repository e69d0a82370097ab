"""Public checkpoints that are pickles of numpy arrays, read without executing what they say.

VGGFace2's PyTorch weights (written by Python 2) and DensePose's exist only so. A pickle may name
any function to call; this reader knows the three by which numpy rebuilds an array, and refuses
every other.
"""

import pickle  # the reader below calls nothing that a file names
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from reenactor.errors import WeightsError

SUFFIX = ".pkl"

_ALLOWED = {
    (module, name)
    for module in ("numpy.core.multiarray", "numpy._core.multiarray")
    for name in ("_reconstruct", "scalar")
} | {("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode")}


class _ArraysOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def load_arrays(path: Path, inside: str = "") -> dict[str, Tensor]:
    """The arrays of a pickled mapping, by their names, as tensors.

    A file that keeps them under the name `inside` is opened there.

    Raises:
        WeightsError: the file asks for anything but arrays, or is damaged.
    """
    try:
        with path.open("rb") as file:
            loaded = _ArraysOnly(file, encoding="latin1").load()
    except Exception as error:  # a damaged pickle may raise anything
        raise WeightsError(
            "the weights cannot be read without executing code, or are damaged",
            given=str(path),
            expected="a pickle of numpy arrays by name",
            advice=str(error),
        ) from error
    if inside and isinstance(loaded, dict) and isinstance(loaded.get(inside), dict):
        loaded = loaded[inside]
    if not isinstance(loaded, dict) or not all(isinstance(v, np.ndarray) for v in loaded.values()):
        raise WeightsError(
            "the file holds no arrays by name",
            given=f"a {type(loaded).__name__} in {path}",
            expected="a pickle of numpy arrays by name",
        )
    return {str(name): torch.from_numpy(np.ascontiguousarray(a)) for name, a in loaded.items()}
