"""Reads dense poses from DensePose's files."""
