"""Origin and hash of the shipped network. Imports no torch."""

from reenactor.manifest import Weight

PARSER_TAPS = Weight(
    name="parser-taps",
    file="parser_taps.safetensors",
    sha256="12b585a07cb3de43f0669d750b5a8966d21afea061f8a6e6e3bbb5c5a41051cf",
    size=8030554,
    licence="Apache-2.0",
    origin="trained for this project on 854 photos of Clothing Co-Parsing; see taps/card.md",
    resource="reenactor_plugins:parser/taps/data/parser_taps.safetensors",
)
