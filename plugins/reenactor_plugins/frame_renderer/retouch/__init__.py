"""The puppet, retouched by a small network (ours, not the paper's)."""
