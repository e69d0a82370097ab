"""One picture, read and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8


@dataclass(frozen=True)
class Photo:
    """A picture upright in sRGB. `alpha` is 255 where it covers; None where it covers all.

    Where `alpha` is less than 255, `pixels` shows the picture over white.
    """

    pixels: UInt8[np.ndarray, "H W 3"]
    alpha: UInt8[np.ndarray, "H W"] | None
    name: str


def read_photo(path: Path) -> Photo:
    """Read any common picture file. Raises `InputError`."""
    raise NotImplementedError


def write_photo(
    path: Path, pixels: UInt8[np.ndarray, "H W C"], metadata: Mapping[str, str] | None = None
) -> None:
    """Write a PNG (RGB or RGBA) whole or not at all. Raises `OutputError`."""
