"""The network that we trained and ship: where it is and what it hashes to. Imports no torch."""

from reenactor.manifest import Weight

RETOUCH_SMALL = Weight(
    name="retouch-small",
    file="retouch_small.safetensors",
    sha256="36ed60f3f4b608d18da2d169eff827854242cc8018bcd38f2e68c99ae84cc881",
    size=1683840,
    licence="Apache-2.0",
    origin="trained for this project; see docs/small.md",
    resource="reenactor_plugins:frame_renderer/retouch/data/retouch_small.safetensors",
)
