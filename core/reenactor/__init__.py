"""Dance reenactment from one photo and one driving video, as swappable components."""

import os

__version__ = "0.1.0"

API_VERSION = 1
"""The version of the contract between core and plugins: roles, values, hook and manifest."""

# onnxruntime and Ray report their use to their makers, and onnxruntime leaves an identity in the
# user's cache and temporary folders. Each reads its switch when it is first loaded, by whomever:
# a plugin's module, or a program that uses ours. So they are set before anything else of ours is
# imported, the one thing that importing does here. Whoever has set them already is obeyed.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
