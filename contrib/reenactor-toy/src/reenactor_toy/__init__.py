"""A toy plugin for reenactor: finds a person in front of a plain wall by colour."""
