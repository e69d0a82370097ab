"""Finding files, reading pictures and label maps, and naming items of datasets."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8

from reenactor.errors import InputError
from reenactor.inputs import PICTURE_SUFFIXES
from reenactor.media.photo import opened_picture, read_photo
from reenactor.values import Frames

PHOTOS = PICTURE_SUFFIXES
VIDEOS = frozenset({".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v"})

_ODD = re.compile(r"[^A-Za-z0-9._/-]")


def require_folder(folder: Path, expected: str, advice: str) -> None:
    """Raise `InputError` if the folder does not exist."""
    if not folder.is_dir():
        raise InputError(
            f"the folder {folder} does not exist",
            given=str(folder),
            expected=expected,
            advice=advice,
        )


def files_in(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    """All files below a folder with one of the suffixes, sorted by path."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes)
    return sorted(path for path in found if not path.name.startswith("."))


def names_of(paths: Iterable[Path], folder: Path) -> list[str]:
    """Item names of files: relative paths without suffixes and special characters.

    Raises:
        InputError: two files have the same name.
    """
    names: dict[str, Path] = {}
    for path in paths:
        name = _ODD.sub("_", path.relative_to(folder).with_suffix("").as_posix())
        if name in names:
            raise InputError(
                f"two files have the item name {name}",
                given=f"{names[name]} and {path}",
                expected="names that differ in letters, digits, '-', '_' or '.'",
                advice="rename one of them",
            )
        names[name] = path
    return list(names)


def read_frames_of(path: Path) -> Frames:
    """Read a photo as frames with T = 1; raises `InputError`."""
    photo = read_photo(path)
    return Frames(torch.from_numpy(photo.pixels)[None], (0,), photo.name)


def read_map(path: Path, size: tuple[int, int]) -> UInt8[np.ndarray, "H W"]:
    """Read a label map of the given height and width; raises `InputError` for other sizes."""
    numbers = read_numbers(path)
    require_size(numbers.shape, size, path)
    return numbers


def read_numbers(path: Path) -> UInt8[np.ndarray, "H W"]:
    """Read a label map: the indices of a palette file, else the first channel.

    Raises:
        InputError: the file is missing or not an 8-bit picture.
    """
    try:
        with opened_picture(path) as picture:
            values = np.array(picture)
    except FileNotFoundError as error:
        raise InputError("the label file is missing", given=str(path)) from error
    except Exception as error:  # Pillow raises almost anything for damaged files
        raise InputError("the label file cannot be read", given=f"{path}: {error}") from error
    if values.dtype != np.uint8:
        raise InputError("the label file is not an 8-bit picture", given=f"{path}: {values.dtype}")
    numbers: UInt8[np.ndarray, "H W"] = values if values.ndim == 2 else values[..., 0]
    return numbers


def require_size(found: Sequence[int], size: tuple[int, int], path: Path) -> None:
    """Raise `InputError` if a label map and its picture differ in size."""
    if tuple(found) != size:
        raise InputError(
            "the labels and the picture differ in size",
            given=f"{found[1]}x{found[0]} in {path}",
            expected=f"{size[1]}x{size[0]} like the picture",
        )
