"""Human parsing: HP of Eq. 1."""

from abc import abstractmethod

from reenactor.roles.component import Component, O
from reenactor.values import Frames, Parsing, Skeleton


class Parser(Component[O]):
    """Classifies every pixel of one person."""

    @abstractmethod
    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        """Label one person in each picture.

        Args:
            frames: T pictures of any size.
            skeleton: the person's key points in pixels, for T pictures. In a picture without the
                person all confidences are 0.

        Returns:
            Labels at the size of the frames; other people are background. For a picture without
            the person a parser may return background only.
        """
