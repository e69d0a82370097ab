"""Background recovery: the inpainting network of section 3."""

from abc import abstractmethod
from typing import Generic

from jaxtyping import Bool
from torch import Tensor

from reenactor.roles.component import Component, O, P
from reenactor.values import Frames


class Inpainter(Component[O], Generic[O, P]):
    """Fills holes in pictures."""

    @abstractmethod
    def prepare(self, samples: Frames, holes: Bool[Tensor, "T H W"]) -> P:
        """Analyse sample frames spread over the whole source, once.

        For a photo, the only sample is the photo itself. The result is passed to every call of
        `inpaint`; an inpainter that works on single pictures returns None.
        """

    @abstractmethod
    def inpaint(self, prepared: P, frames: Frames, holes: Bool[Tensor, "T H W"]) -> Frames:
        """Fill the holes (True) of T pictures; all other pixels must stay unchanged."""
