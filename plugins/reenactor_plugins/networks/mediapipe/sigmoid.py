"""Logits to probabilities."""

import numpy as np
from jaxtyping import Float


def sigmoid(logits: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """1 / (1 + exp(-x)), clipped: the silhouette's logits reach -1500, where exp overflows."""
    result: np.ndarray = 1 / (1 + np.exp(-np.clip(logits, -60, 60)))
    return result
