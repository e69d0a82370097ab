"""Parsings that another program made before, or a person by hand."""
