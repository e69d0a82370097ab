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
        """Compute everything that depends only on the target (its aligned face and embedding)."""

    @abstractmethod
    def refine(
        self, prepared: P, frames: Float[Tensor, "T 3 H W"], pose: Pose, body: Parsing | None
    ) -> Float[Tensor, "T 3 H W"]:
        """Refine the faces of T frames. Frames without a detected face are returned unchanged."""
