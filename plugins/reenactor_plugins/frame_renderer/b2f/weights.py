"""The network that we trained and ship: where it is and what it hashes to. Imports no torch."""

from reenactor.manifest import Weight

B2F_SMALL = Weight(
    name="b2f-small",
    file="b2f_small.safetensors",
    sha256="04fa15fdfb1944ecb1927e7ab12c7b9e84067fea28532782f82af65a2b16f6f9",
    size=23888368,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:frame_renderer/b2f/data/b2f_small.safetensors",
)
