"""Crops that follow the dancer, stored as PNG: all methods are measured on them."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from reenactor.media.files import make_folder, sha256_of
from reenactor.media.mark import marked
from reenactor.media.photo import read_photo, write_photo
from reenactor.ops.geometry import crop_frames
from reenactor.values import Frames, Window

CHUNK = 16
"""Frames in memory at once: the length of a clip for FVD."""


@dataclass(frozen=True)
class Crops:
    """Numbered PNG files of one size in a folder; some numbers may be missing."""

    folder: Path
    index: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.index)

    def path(self, number: int) -> Path:
        return self.folder / f"{number:06d}.png"

    def read(self, numbers: Iterable[int]) -> UInt8[Tensor, "T H W 3"]:
        """The crops of these numbers."""
        return torch.from_numpy(np.stack([read_photo(self.path(n)).pixels for n in numbers]))

    def frames(self, numbers: tuple[int, ...], name: str) -> Frames:
        """The crops of these numbers as `Frames`."""
        return Frames(self.read(numbers), numbers, name)

    @classmethod
    def found(cls, folder: Path) -> "Crops":
        """The crops in a folder."""
        return cls(folder, tuple(sorted(int(p.stem) for p in folder.glob("[0-9]*.png"))))


def emptied(folder: Path) -> None:
    """Recreate a folder, so that no stale file counts as a crop."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)


def chunks(numbers: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The numbers, `CHUNK` at a time."""
    for start in range(0, len(numbers), CHUNK):
        yield numbers[start : start + CHUNK]


def save_crop(
    crops: Crops,
    number: int,
    picture: UInt8[Tensor, "H W 3"],
    window: Window,
    synthetic: bool = False,
) -> None:
    """Crop the window (T = 1) from a picture and store it; a picture of that size is stored as is.

    `synthetic` marks it as synthetic.
    """
    if tuple(picture.shape[:2]) != window.canvas:
        picture = crop_frames(Frames(picture[None], (number,), ""), window).pixels[0]
    write_photo(crops.path(number), picture.contiguous().numpy(), marked() if synthetic else None)


def digest_of(paths: Iterable[Path]) -> str:
    """A sha256 of the names and contents of files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name}:{sha256_of(path)}\n".encode())
    return digest.hexdigest()
