"""Clothing Co-Parsing as training material."""
