"""The network that we trained and ship: where it is and what it hashes to. Imports no torch."""

from reenactor.manifest import Weight

P2B_SMALL = Weight(
    name="p2b-small",
    file="p2b_small.safetensors",
    sha256="1971912821b82d082734e015275ee07758d4604a9e672406e414abfccfe3072a",
    size=8990420,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:body_generator/p2b/data/p2b_small.safetensors",
)
