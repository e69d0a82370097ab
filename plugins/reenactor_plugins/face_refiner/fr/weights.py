"""Origin and hash of the shipped network. Imports no torch."""

from reenactor.manifest import Weight

FR_SMALL = Weight(
    name="fr-small",
    file="fr_small.safetensors",
    sha256="4c377a249aa901beeb531090ae5bc2682d2210b2815e00ad4261c6f7d9f4bcd4",
    size=11816752,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:face_refiner/fr/data/fr_small.safetensors",
)
