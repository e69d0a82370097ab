"""The network that we trained and ship: where it is and what it hashes to. Imports no torch."""

from reenactor.manifest import Weight

P2B_SMALL = Weight(
    name="p2b-small",
    file="p2b_small.safetensors",
    sha256="0000000000000000000000000000000000000000000000000000000000000000",
    size=1,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:body_generator/p2b/data/p2b_small.safetensors",
)
