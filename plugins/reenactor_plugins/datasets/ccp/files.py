"""The files of Clothing Co-Parsing.

A folder with `photos/0001.jpg`, `annotations/pixel-level/0001.mat` (an array `groundtruth`) and
`label_list.mat`.
"""

from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from reenactor.errors import UsageError


def read_labels(path: Path) -> UInt8[np.ndarray, "H W"]:
    """The 59 classes, by their numbers in `label_list.mat`."""
    return np.asarray(_matrix(path, "groundtruth"), np.uint8)


def read_names(folder: Path) -> tuple[str, ...]:
    """The names of the 59 classes, in the order of their numbers."""
    names = _matrix(folder / "label_list.mat", "label_list").ravel()
    return tuple(str(name[0]) for name in names)


def _matrix(path: Path, name: str) -> np.ndarray:
    """An array of a MATLAB file."""
    try:
        from scipy.io import loadmat  # type: ignore[import-untyped]  # ships no types
    except ImportError as error:
        raise UsageError(
            "scipy is needed to read the labels", advice="pip install scipy"
        ) from error
    found: np.ndarray = loadmat(str(path))[name]
    return found
