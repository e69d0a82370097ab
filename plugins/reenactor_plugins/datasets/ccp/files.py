"""The files of Clothing Co-Parsing.

A folder with `photos/0001.jpg`, `annotations/pixel-level/0001.mat` (an array `groundtruth`) and
`label_list.mat`.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8

from reenactor.errors import InputError, UsageError


@dataclass(frozen=True)
class LabelledPhoto:
    """Where a photo and its labels lie."""

    photo: Path
    labels: Path


def labelled_photos(folder: Path) -> list[LabelledPhoto]:
    """All photos of the folder that have labels, by name."""
    found = [
        LabelledPhoto(folder / "photos" / f"{labels.stem}.jpg", labels)
        for labels in sorted((folder / "annotations" / "pixel-level").glob("*.mat"))
    ]
    found = [item for item in found if item.photo.is_file()]
    if not found:
        raise InputError(
            "no labelled photos",
            given=str(folder),
            expected="photos/0001.jpg, annotations/pixel-level/0001.mat and so on",
            advice="get Clothing Co-Parsing (bearpaw/clothing-co-parsing)",
        )
    return found


def read_photo(item: LabelledPhoto) -> UInt8[np.ndarray, "H W 3"]:
    """The picture in RGB."""
    picture = cv2.imread(str(item.photo), cv2.IMREAD_COLOR)
    if picture is None:
        raise InputError("a photo that cannot be read", given=str(item.photo))
    return np.ascontiguousarray(picture[:, :, ::-1])


def read_labels(item: LabelledPhoto) -> UInt8[np.ndarray, "H W"]:
    """The 59 classes, by their numbers in `label_list.mat`."""
    return np.asarray(_matrix(item.labels, "groundtruth"), np.uint8)


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
