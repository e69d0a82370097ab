"""Body to frame: B2F of Eq. 6."""

from abc import abstractmethod
from typing import Generic

from reenactor.roles.component import Component, O, P
from reenactor.values import Layer, Motion, Parsing, Pose, Target


class FrameRenderer(Component[O], Generic[O, P]):
    """Renders the target's picture and blending mask.

    `batch` is the number of frames per call (None: the pipeline decides). `history` is the number
    of previously rendered frames that each call receives, for temporal renderers.
    """

    batch: int | None = None
    history: int = 0

    @abstractmethod
    def prepare(self, target: Target, motion: Motion) -> P:
        """Compute everything that depends only on the target or the whole clip (e_z of Eq. 5)."""

    @abstractmethod
    def render(self, prepared: P, pose: Pose, body: Parsing | None, past: Layer | None) -> Layer:
        """Render T frames on the canvas.

        Args:
            prepared: the result of `prepare`.
            pose: the T poses.
            body: the generated parsings; None if the component does not need the facet `body`.
            past: the last `history` frames (fewer at the start); None if `history` is 0.
        """
