"""The frame renderer `puppet`: the target's own pixels, moved on bones."""

from typing import final

from reenactor.roles import FrameRenderer
from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.puppet.drawing import (
    PreparedPuppet,
    drawn,
    layer_of,
    prepared,
    tensor_of,
)
from reenactor_plugins.puppet.options import PuppetOptions


@final
class PuppetRenderer(FrameRenderer[PuppetOptions, PreparedPuppet]):
    """Moves parts of the photo on bones, without a network; parts can turn and limbs can cross.

    The puppet is fitted to the generated body. Without a body, or with that of the body generator
    `puppet`, it keeps its own shape.
    """

    def prepare(self, target: Target, motion: Motion) -> PreparedPuppet:
        return prepared(self.options, target, motion)

    def render(
        self, prepared: PreparedPuppet, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        del past
        return layer_of(tensor_of(drawn(prepared.clothes, prepared.posed(pose), pose.canvas, body)))
