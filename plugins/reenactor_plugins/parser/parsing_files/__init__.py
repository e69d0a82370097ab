"""Reads parsings made by another program or by hand."""
