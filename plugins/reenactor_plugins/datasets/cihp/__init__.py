"""The dataset Crowd Instance-level Human Parsing."""
