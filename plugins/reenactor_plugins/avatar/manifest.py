"""The manifest of `avatar`, a body generator and a frame renderer."""

from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor_plugins.avatar.weights import RIG

COMPONENTS = (
    ComponentInfo(
        role=Role.BODY_GENERATOR,
        name="avatar",
        target="reenactor_plugins.avatar.body:AvatarBody",
        options="reenactor_plugins.avatar.options:AvatarOptions",
        summary="the parsing of the puppet whose head, trunk and hands turn as meshes",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        provides=frozenset({Facet.BODY}),
        weights=(RIG,),
    ),
    ComponentInfo(
        role=Role.FRAME_RENDERER,
        name="avatar",
        target="reenactor_plugins.avatar.renderer:AvatarRenderer",
        options="reenactor_plugins.avatar.options:AvatarOptions",
        summary="the target's own pixels: limbs on bones; head, trunk and hands as meshes",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        weights=(RIG,),
        own_body="avatar",
    ),
)
