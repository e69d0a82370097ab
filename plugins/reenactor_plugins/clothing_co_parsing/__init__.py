"""Clothing Co-Parsing (Yang, Luo and Lin, CVPR 2014): its files, and what its classes mean."""
