"""Body to frame: B2F of Eq. 6."""

from abc import abstractmethod
from typing import Generic

from reenactor.roles.component import Component, O, P
from reenactor.values import Layer, Motion, Parsing, Pose, Target


class FrameRenderer(Component[O], Generic[O, P]):
    """Renders the target's picture and blending mask.

    `batch` is how many frames it wants at once (None: as many as the pipeline likes); `history`
    is how many of the frames rendered before it wants to see again, for temporal renderers.
    """

    batch: int | None = None
    history: int = 0

    @abstractmethod
    def prepare(self, target: Target, motion: Motion) -> P:
        """Compute once what depends on the target, or on the clip as a whole (e_z of Eq. 5)."""

    @abstractmethod
    def render(self, prepared: P, pose: Pose, body: Parsing | None, past: Layer | None) -> Layer:
        """Render T frames on the canvas.

        Args:
            prepared: what `prepare` gave.
            pose: the T poses.
            body: the generated parsings; None unless the component needs the facet `body`.
            past: the last `history` frames (fewer at the start); None where `history` is 0.
        """
