"""Renders the target as a puppet: its own pixels, moved."""

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
    """No network: parts of the photo on bones, with depth enough to turn and to cross limbs.

    Given a parsing, the puppet is fitted to it. Without one, or with the one of the body
    generator `puppet`, it has its own shape.
    """

    def prepare(self, target: Target, motion: Motion) -> PreparedPuppet:
        return prepared(self.options, target, motion)

    def render(
        self, prepared: PreparedPuppet, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        del past
        return layer_of(tensor_of(drawn(prepared, prepared.posed(pose), pose.canvas, body)))
