"""The manifest of the frame renderer `retouch`."""

from reenactor.manifest import ComponentInfo, Facet, RecipeInfo, Role
from reenactor_plugins.frame_renderer.retouch.weights import RETOUCH_SMALL

COMPONENTS = (
    ComponentInfo(
        role=Role.FRAME_RENDERER,
        name="retouch",
        target="reenactor_plugins.frame_renderer.retouch.component:RetouchRenderer",
        options="reenactor_plugins.frame_renderer.retouch.options:RetouchOptions",
        summary="the puppet, retouched by a small network that we trained",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING}),
        weights=(RETOUCH_SMALL,),
        own_body="puppet",
        recipe=RecipeInfo(
            target="reenactor_plugins.frame_renderer.retouch.recipe:train",
            settings="reenactor_plugins.frame_renderer.retouch.settings:RetouchSettings",
            configs=tuple(
                (name, f"reenactor_plugins:frame_renderer/retouch/configs/{name}.yaml")
                for name in ("small", "small-finish", "tiny")
            ),
        ),
    ),
)
