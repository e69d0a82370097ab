"""Colours, pictures, folders and videos behind the person."""

from abc import ABC, abstractmethod
from fractions import Fraction
from types import TracebackType
from typing import Literal

import numpy as np
from jaxtyping import UInt8

After = Literal["loop", "hold"]
"""What follows the last picture: the first again, or the last for ever."""


class Background(ABC):
    """Gives a picture of the output's size for every frame."""

    @abstractmethod
    def at(self, index: int, time: Fraction | float) -> UInt8[np.ndarray, "H W 3"]:
        """The picture behind frame `index`, shown `time` seconds after the driver's first."""

    def close(self) -> None:
        """Let go of open files."""

    def __enter__(self) -> "Background":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_background(
    source: str, size: tuple[int, int], fps: Fraction | None = None, after: After = "loop"
) -> Background:
    """Open a colour (`white`, `#ff8800`), picture, folder of pictures, or video.

    Pictures are cut to fill `size` (height, width). `fps` is how fast a folder plays; None: one
    picture for each frame of the driver. Raises `InputError`.
    """
    raise NotImplementedError
