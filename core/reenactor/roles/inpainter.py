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
        """Look at some pictures of the source, spread over its whole length, once.

        For a photo that is the photo itself. What comes back is given to every `inpaint`; an
        inpainter that looks at single pictures returns None.
        """

    @abstractmethod
    def inpaint(self, prepared: P, frames: Frames, holes: Bool[Tensor, "T H W"]) -> Frames:
        """Fill the holes (True) of T pictures; all other pixels stay exactly as they are."""
