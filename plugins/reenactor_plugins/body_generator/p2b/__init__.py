"""P2B: the paper's body generator (Eq. 3, section 3.1)."""
