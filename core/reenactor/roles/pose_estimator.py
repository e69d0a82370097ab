"""Pose estimation: OP and DP of Eq. 2, which a spec may fill with one component or several."""

from abc import abstractmethod

from reenactor.roles.component import Component, O
from reenactor.values import Dense, Frames, People, Skeleton


class SkeletonEstimator(Component[O]):
    """Finds people and their key points (facets `skeleton`, and perhaps `world` and `mask`)."""

    @abstractmethod
    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        """Find everybody in consecutive frames.

        Args:
            frames: T frames of one source at full size, in order.
            before: what was found in the frame before the first, or None at a start. An
                estimator that tracks uses it; the result of a batch equals the results of its
                frames one by one, each given the one before.

        Returns:
            T values, coordinates in pixels of the frames; `People.nobody()` for an empty frame.
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
