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

FAN = Weight(
    name="face-alignment-2dfan4",
    file="2DFAN4-11f355bf06.pth.tar",
    sha256="11f355bf0693120222f5955ce3f9dc8fb5763ebb30a47d7906e509490d32e4aa",
    size=95641761,
    licence="BSD-3-Clause",
    origin="1adrianb/face-alignment",
    mirrors=(
        "https://www.adrianbulat.com/downloads/python-fan/2DFAN4-11f355bf06.pth.tar",
        "https://eyalgruss.com/fomm/2DFAN4-11f355bf06.pth.tar",
    ),
)
"""The face alignment network of `landmarks: face-alignment`."""
