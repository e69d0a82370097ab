"""Pose to body: P2B of Eq. 3."""

from abc import abstractmethod
from typing import Generic

from reenactor.roles.component import Component, O, P
from reenactor.values import Motion, Parsing, Pose, Target


class BodyGenerator(Component[O], Generic[O, P]):
    """Draws the parsing of the target, with its own body shape, in the driver's pose."""

    @abstractmethod
    def prepare(self, target: Target, motion: Motion) -> P:
        """Compute everything that depends only on the target or on the whole clip.

        With `motion`, decisions can be made over the whole clip (for example, which limb is in
        front), so that frames can be rendered in any order and an interrupted run resumes exactly.
        """

    @abstractmethod
    def generate(self, prepared: P, pose: Pose) -> Parsing:
        """Generate the target's parsing in each pose, on the canvas.

        Each frame depends only on its own pose, not on the rest of the batch.
        """
