"""FR: the paper's face refinement (Eqs. 8 and 19, section 3.3)."""
