"""The specs that are shipped."""
