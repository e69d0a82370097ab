"""Human parsing: HP of Eq. 1."""

from abc import abstractmethod

from reenactor.roles.component import Component, O
from reenactor.values import Frames, Parsing, Skeleton


class Parser(Component[O]):
    """Finds the class of every pixel of one person."""

    @abstractmethod
    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        """Label one person in each picture.

        Args:
            frames: T pictures of any size.
            skeleton: that person's key points in pixels, T of them. A picture without a person
                has all confidences 0.

        Returns:
            Labels at the size of the frames; other people are background. Where nobody is seen,
            a parser may return background only.
        """
