"""Unlabelled photos."""
