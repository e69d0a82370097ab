"""Rendered people: the dataset `anny`, and those of `reenactor demo`."""
