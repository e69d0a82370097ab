"""What datasets of files share: finding files, reading pictures and label maps, naming items."""

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
    """Raise `InputError` where there is no such folder."""
    if not folder.is_dir():
        raise InputError(
            f"there is no folder {folder}", given=str(folder), expected=expected, advice=advice
        )


def files_in(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    """The files below a folder with one of the endings, in the order of their paths."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes)
    return sorted(path for path in found if not path.name.startswith("."))


def names_of(paths: Iterable[Path], folder: Path) -> list[str]:
    """Item names of files: their paths below the folder, without endings and odd characters.

    Raises:
        InputError: two files would have one name.
    """
    names: dict[str, Path] = {}
    for path in paths:
        name = _ODD.sub("_", path.relative_to(folder).with_suffix("").as_posix())
        if name in names:
            raise InputError(
                f"two files would have the name {name}",
                given=f"{names[name]} and {path}",
                expected="names that differ in letters, digits, '-', '_' or '.'",
                advice="rename one of them",
            )
        names[name] = path
    return list(names)


def read_frames_of(path: Path) -> Frames:
    """A photo as frames, T = 1; raises `InputError`."""
    photo = read_photo(path)
    return Frames(torch.from_numpy(photo.pixels)[None], (0,), photo.name)


def read_map(path: Path, size: tuple[int, int]) -> UInt8[np.ndarray, "H W"]:
    """The numbers of a label map of that height and width; raises `InputError` for others."""
    numbers = read_numbers(path)
    require_size(numbers.shape, size, path)
    return numbers


def read_numbers(path: Path) -> UInt8[np.ndarray, "H W"]:
    """The numbers of a label map: indices of a palette file, else its first channel.

    Raises:
        InputError: it is missing, or no picture of 8 bits.
    """
    try:
        with opened_picture(path) as picture:
            values = np.array(picture)
    except FileNotFoundError as error:
        raise InputError("its labels are missing", given=str(path)) from error
    except Exception as error:  # of damaged files Pillow raises almost anything
        raise InputError("its labels cannot be read", given=f"{path}: {error}") from error
    if values.dtype != np.uint8:
        raise InputError("its labels are no picture of 8 bits", given=f"{path}: {values.dtype}")
    numbers: UInt8[np.ndarray, "H W"] = values if values.ndim == 2 else values[..., 0]
    return numbers


def require_size(found: Sequence[int], size: tuple[int, int], path: Path) -> None:
    """Raise `InputError` where a label map is not as large as its picture."""
    if tuple(found) != size:
        raise InputError(
            "its labels are of another size",
            given=f"{found[1]}x{found[0]} in {path}",
            expected=f"{size[1]}x{size[0]} as the picture",
        )
