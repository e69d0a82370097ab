"""The manifest of the frame renderer `b2f`."""

from reenactor.manifest import ComponentInfo, Facet, RecipeInfo, Role
from reenactor_plugins.frame_renderer.b2f.weights import B2F_SMALL

COMPONENTS = (
    ComponentInfo(
        role=Role.FRAME_RENDERER,
        name="b2f",
        target="reenactor_plugins.frame_renderer.b2f.component:B2FRenderer",
        options="reenactor_plugins.frame_renderer.b2f.options:B2FOptions",
        summary="the paper's Body2Frame network; small weights of ours, or yours",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON, Facet.PARSING, Facet.BODY}),
        paper="Gafni et al., Single-Shot Freestyle Dance Reenactment (2020), section 3.2",
        weights=(B2F_SMALL,),
        recipe=RecipeInfo(
            target="reenactor_plugins.frame_renderer.b2f.recipe:train",
            settings="reenactor_plugins.frame_renderer.b2f.settings:B2FSettings",
            configs=tuple(
                (name, f"reenactor_plugins:frame_renderer/b2f/configs/{name}.yaml")
                for name in ("paper", "small", "small-finish", "tiny")
            ),
        ),
    ),
)
