"""The manifest of the parser `guided`."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.PARSER,
        name="guided",
        target="reenactor_plugins.parser.guided.component:GuidedParser",
        options="reenactor.options:NoOptions",
        summary="no network: bones say where things may be, colours which they are",
        licence="Apache-2.0",
        needs=frozenset({Facet.SKELETON}),
        provides=frozenset({Facet.PARSING}),
    ),
)
