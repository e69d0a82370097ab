"""Crowd Instance-level Human Parsing as training material."""
