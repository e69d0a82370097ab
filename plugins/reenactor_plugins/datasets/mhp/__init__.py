"""The dataset Multi-Human Parsing v2."""
