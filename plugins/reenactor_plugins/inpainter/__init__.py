"""Inpainters: fill the background behind a person."""
