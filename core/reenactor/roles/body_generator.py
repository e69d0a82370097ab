"""Pose to body: P2B of Eq. 3."""

from abc import abstractmethod
from typing import Generic

from reenactor.roles.component import Component, O, P
from reenactor.values import Motion, Parsing, Pose, Target


class BodyGenerator(Component[O], Generic[O, P]):
    """Draws the parsing of the target, with its own body shape, in the driver's pose."""

    @abstractmethod
    def prepare(self, target: Target, motion: Motion) -> P:
        """Compute once what depends on the target, or on the clip as a whole.

        `motion` lets a component choose over the whole clip (which limb is in front, say), so
        that frames can be rendered in any order and an interrupted run goes on exactly.
        """

    @abstractmethod
    def generate(self, prepared: P, pose: Pose) -> Parsing:
        """Give the target's parsing in each pose, on the canvas.

        A frame depends on its own pose alone, whatever else is in the batch.
        """
