"""The manifest of the parser `schp`."""

from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor_plugins.parser.schp.weights import CHECKPOINTS

COMPONENTS = (
    ComponentInfo(
        role=Role.PARSER,
        name="schp",
        target="reenactor_plugins.parser.schp.component:SchpParser",
        options="reenactor_plugins.parser.schp.options:SchpOptions",
        summary="the paper's parser, with a public checkpoint",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
        weights=tuple(CHECKPOINTS.values()),
        paper="Li et al., Self-Correction for Human Parsing (2019)",
    ),
)
