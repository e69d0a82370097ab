"""DeepFill v2: the paper's inpainter, two stages of gated convolutions."""
