"""Video Instance-level Parsing as training material."""
