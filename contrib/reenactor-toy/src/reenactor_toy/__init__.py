"""A toy plugin for reenactor: somebody in front of a plain wall, found by colour."""
