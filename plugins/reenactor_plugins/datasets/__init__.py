"""Datasets that `reenactor prepare` reads."""
