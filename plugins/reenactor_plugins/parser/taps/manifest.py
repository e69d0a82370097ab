"""The manifest of the parser `taps`."""

from reenactor.manifest import ComponentInfo, Facet, RecipeInfo, Role
from reenactor_plugins.networks.mediapipe.weights import POSE_FULL_TAPS
from reenactor_plugins.parser.taps.weights import PARSER_TAPS

COMPONENTS = (
    ComponentInfo(
        role=Role.PARSER,
        name="taps",
        target="reenactor_plugins.parser.taps.component:TapsParser",
        options="reenactor_plugins.parser.taps.options:TapsOptions",
        summary="a small trained network on the pose network's features, on the CPU at once",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
        weights=(POSE_FULL_TAPS, PARSER_TAPS),
        recipe=RecipeInfo(
            target="reenactor_plugins.parser.taps.recipe:train",
            settings="reenactor_plugins.parser.taps.settings:TapsSettings",
            configs=tuple(
                (name, f"reenactor_plugins:parser/taps/configs/{name}.yaml")
                for name in ("small", "tiny")
            ),
        ),
    ),
)
