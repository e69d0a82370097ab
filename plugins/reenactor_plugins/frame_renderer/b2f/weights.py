"""Origin and hash of the shipped network. Imports no torch."""

from reenactor.manifest import Weight

B2F_SMALL = Weight(
    name="b2f-small",
    file="b2f_small.safetensors",
    sha256="2e82fccb63971625365de75bbde81955558f3d4bb3e844315e141c374349d71e",
    size=23888400,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:frame_renderer/b2f/data/b2f_small.safetensors",
)
