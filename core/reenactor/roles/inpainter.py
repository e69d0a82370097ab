"""Background recovery: the inpainting network of section 3."""

from abc import abstractmethod
from typing import Generic

from jaxtyping import Bool
from torch import Tensor

from reenactor.roles.component import Component, O, P
from reenactor.roles.footage import Footage
from reenactor.values import Frames


class Inpainter(Component[O], Generic[O, P]):
    """Fills holes in pictures."""

    @abstractmethod
    def prepare(self, footage: Footage) -> P:
        """Analyse a video, or a photo (a shot of one frame), once.

        Read as much of `footage` as needed, or nothing: an inpainter that works on single pictures
        returns None. The result is passed to the other methods.
        """

    def grown(
        self, prepared: P, frames: Frames, holes: Bool[Tensor, "T H W"]
    ) -> Bool[Tensor, "T H W"]:
        """Holes that also cover what belongs to the person and sticks out, such as flying hair.

        They contain the given ones, which is what is returned by default.
        """
        del prepared, frames
        return holes

    @abstractmethod
    def inpaint(self, prepared: P, frames: Frames, holes: Bool[Tensor, "T H W"]) -> Frames:
        """Fill the holes (True) of T pictures; all other pixels must stay unchanged."""
