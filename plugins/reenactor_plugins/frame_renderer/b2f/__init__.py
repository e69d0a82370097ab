"""B2F: the paper's frame renderer (Eqs. 4 to 6, section 3.2)."""
