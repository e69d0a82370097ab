"""Origin and hash of the shipped network. Imports no torch."""

from reenactor.manifest import Weight

P2B_SMALL = Weight(
    name="p2b-small",
    file="p2b_small.safetensors",
    sha256="c5178441d5a2f07fb5cb22409bdc804e92e7f88e05601631a2c4d06f520e9edf",
    size=8990420,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:body_generator/p2b/data/p2b_small.safetensors",
)
