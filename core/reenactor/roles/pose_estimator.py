"""Pose estimation: OP and DP of Eq. 2. A spec may name one component or several."""

from abc import abstractmethod

from reenactor.roles.component import Component, O
from reenactor.values import Dense, Frames, People, Skeleton


class SkeletonEstimator(Component[O]):
    """Finds people and their key points (facets `skeleton`, and perhaps `world` and `mask`)."""

    @abstractmethod
    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        """Find all people in consecutive frames.

        Args:
            frames: T frames of one source at full size, in order.
            before: the result for the frame before the first, or None at the start, for estimators
                that track. The result of a batch must equal the results of its frames one by one,
                each given the previous one.

        Returns:
            T values, with coordinates in pixels; `People.nobody()` for a frame without people.
        """


class DenseEstimator(Component[O]):
    """Finds part indices and surface coordinates (facet `dense`)."""

    @abstractmethod
    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        """Find one person's dense pose.

        Args:
            frames: T frames on the canvas.
            skeleton: that person's key points in pixels of those frames.

        Returns:
            I, U and V at the size of the frames.
        """
