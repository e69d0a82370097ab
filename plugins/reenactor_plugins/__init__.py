"""The built-in components. They come in by the entry point, like everyone's."""

import reenactor  # noqa: F401 - before any library: it switches their telemetry off
