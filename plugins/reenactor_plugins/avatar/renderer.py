"""The frame renderer `avatar`: the target's own pixels on bones and on meshes that turn."""

from dataclasses import dataclass
from typing import final

from reenactor.roles import FrameRenderer
from reenactor.values import Layer, Motion, Parsing, Pose, Target
from reenactor_plugins.avatar.figure import Avatar, avatar, posed
from reenactor_plugins.avatar.options import AvatarOptions
from reenactor_plugins.avatar.rig import load_rig
from reenactor_plugins.avatar.weights import RIG
from reenactor_plugins.puppet.drawing import drawn, layer_of, tensor_of
from reenactor_plugins.puppet.fit import ClassPalette, palette_of


@dataclass(frozen=True)
class PreparedAvatar:
    """The avatar of a target, and the groups of its classes."""

    avatar: Avatar
    clothes: ClassPalette


@final
class AvatarRenderer(FrameRenderer[AvatarOptions, PreparedAvatar]):
    """Draws the puppet's limbs, and head, trunk and hands as meshes, which show all sides.

    The picture is fitted to the generated body. Without a body, or with that of the body generator
    `avatar`, it keeps its own shape.
    """

    def prepare(self, target: Target, motion: Motion) -> PreparedAvatar:
        rig = load_rig(self.runtime.weight(RIG))
        return PreparedAvatar(avatar(rig, target, motion, self.options), palette_of(target))

    def render(
        self, prepared: PreparedAvatar, pose: Pose, body: Parsing | None, past: Layer | None
    ) -> Layer:
        del past
        sprites = [posed(prepared.avatar, pose, t) for t in range(len(pose))]
        return layer_of(tensor_of(drawn(prepared.clothes, sprites, pose.canvas, body)))
