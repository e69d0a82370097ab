"""The manifest of the parser `parsing-files`."""

from reenactor.manifest import ComponentInfo, Facet, Role

COMPONENTS = (
    ComponentInfo(
        role=Role.PARSER,
        name="parsing-files",
        target="reenactor_plugins.parser.parsing_files.component:ParsingFiles",
        options="reenactor_plugins.parser.parsing_files.options:ParsingFilesOptions",
        summary="labels from PNG files in the classes of CIHP, VIP, LIP or ATR",
        licence="Apache-2.0",
        provides=frozenset({Facet.PARSING}),
    ),
)
