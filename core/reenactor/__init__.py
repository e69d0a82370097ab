"""Dance reenactment from one photo and one driving video, as swappable components."""

__version__ = "0.1.0"

API_VERSION = 1
"""The version of the contract between core and plugins: roles, values, hook and manifest."""
