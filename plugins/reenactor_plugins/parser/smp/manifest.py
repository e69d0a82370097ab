"""The manifest of the parser `smp`."""

from reenactor.manifest import ComponentInfo, Facet, RecipeInfo, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.PARSER,
        name="smp",
        target="reenactor_plugins.parser.smp.component:SmpParser",
        options="reenactor_plugins.parser.smp.options:SmpOptions",
        summary="any network of segmentation-models-pytorch on any encoder of timm, trained by you",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
        recipe=RecipeInfo(
            target="reenactor_plugins.parser.smp.recipe:train",
            settings="reenactor_plugins.parser.smp.settings:SmpSettings",
            configs=tuple(
                (name, f"reenactor_plugins:parser/smp/configs/{name}.yaml")
                for name in ("small", "large", "tiny")
            ),
        ),
    ),
)
