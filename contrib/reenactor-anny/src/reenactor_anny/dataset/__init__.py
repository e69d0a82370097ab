"""People made of formulas: parametric bodies in clothes, with exact labels."""
