"""Kinds of training material that `reenactor prepare` reads."""
