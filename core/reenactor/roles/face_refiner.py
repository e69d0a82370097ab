"""Face refinement: FR of Eqs. 8 and 19."""

from abc import abstractmethod
from typing import Generic

from jaxtyping import Float
from torch import Tensor

from reenactor.roles.component import Component, O, P
from reenactor.values import Parsing, Pose, Target


class FaceRefiner(Component[O], Generic[O, P]):
    """Makes the rendered face resemble the target's."""

    @abstractmethod
    def prepare(self, target: Target) -> P:
        """Compute once what depends on the target (its aligned face and embedding)."""

    @abstractmethod
    def refine(
        self, prepared: P, frames: Float[Tensor, "T 3 H W"], pose: Pose, body: Parsing | None
    ) -> Float[Tensor, "T 3 H W"]:
        """Give the frames with refined faces; a frame whose face is not found stays as it is."""
