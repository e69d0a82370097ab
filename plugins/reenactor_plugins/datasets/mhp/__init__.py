"""Multi-Human Parsing v2 as training material."""
