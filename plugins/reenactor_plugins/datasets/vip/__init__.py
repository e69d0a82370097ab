"""The dataset Video Instance-level Parsing."""
