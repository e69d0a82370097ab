"""The built-in components, registered by an entry point like those of any plugin."""

import reenactor  # noqa: F401 - first, because it disables the telemetry of other libraries
