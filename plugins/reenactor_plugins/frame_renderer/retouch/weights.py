"""Origin and hash of the shipped network. Imports no torch."""

from reenactor.manifest import Weight

RETOUCH_SMALL = Weight(
    name="retouch-small",
    file="retouch_small.safetensors",
    sha256="5ea7803901af1b1d31448cde54bb7a7d20ae7b73af3dbdec9d4f0f67800eaa26",
    size=1683840,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:frame_renderer/retouch/data/retouch_small.safetensors",
)
