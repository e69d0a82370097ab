"""The network that we trained and ship: where it is and what it hashes to. Imports no torch."""

from reenactor.manifest import Weight

FR_SMALL = Weight(
    name="fr-small",
    file="fr_small.safetensors",
    sha256="0000000000000000000000000000000000000000000000000000000000000000",
    size=1,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:face_refiner/fr/data/fr_small.safetensors",
)
