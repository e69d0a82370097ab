"""The manifest of `puppet`, a body generator and a frame renderer."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.BODY_GENERATOR,
        name="puppet",
        target="reenactor_plugins.puppet.body:PuppetBody",
        options="reenactor_plugins.puppet.options:PuppetOptions",
        summary="the target's own parsing, cut into parts and moved on bones",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        provides=frozenset({Facet.BODY}),
    ),
    ComponentInfo(
        role=Role.FRAME_RENDERER,
        name="puppet",
        target="reenactor_plugins.puppet.renderer:PuppetRenderer",
        options="reenactor_plugins.puppet.options:PuppetOptions",
        summary="the target's own pixels, cut into parts on bones, fitted to any body's parsing",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        own_body="puppet",
    ),
)
