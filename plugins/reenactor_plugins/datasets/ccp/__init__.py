"""The dataset Clothing Co-Parsing."""
