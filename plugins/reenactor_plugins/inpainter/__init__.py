"""Inpainters: what stands behind a person."""
