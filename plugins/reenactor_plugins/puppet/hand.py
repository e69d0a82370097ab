"""A drawn hand for arms whose hand the photo hides: relaxed, seen from its back."""

import numpy as np

# In units of the hand's length: p from the wrist to the tip of the middle finger, q across,
# positive towards the thumb.
_FINGERS = (
    # base (p, q), tip (p, q), radius at base and tip
    ((0.40, -0.185), (0.74, -0.215), 0.056, 0.045),
    ((0.44, -0.070), (0.90, -0.085), 0.062, 0.050),
    ((0.45, 0.050), (0.95, 0.050), 0.064, 0.050),
    ((0.43, 0.165), (0.87, 0.180), 0.062, 0.048),
    ((0.14, 0.170), (0.55, 0.330), 0.085, 0.055),
)
_PALM = ((0.0, 0.0), (0.36, -0.01), 0.175, 0.235)
_ROUND = 0.3
"""How much darker a finger is at its edge than in its middle."""


def drawn_hand(u: np.ndarray, v: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw a hand.

    Args:
        u: distance of each row beyond the wrist in pixels.
        v: distance of each column from the middle in pixels, positive towards the thumb.
        length: of the hand in pixels.

    Returns:
        The distance inside its outline in pixels, negative outside, and its shading as a factor;
        both `(rows, columns)`.
    """
    p, q = u[:, None] / length, v[None] / length
    inside, _ = _capsule(p, q, *_PALM)
    palm = np.clip(inside / 0.08, 0, 1)
    shade = 1 - _ROUND * (1 - palm) ** 2
    for finger in _FINGERS:
        depth, across = _capsule(p, q, *finger)
        # A finger is in front of the palm; its edge fades into the back of the hand.
        weight = np.clip(depth / 0.02 + 0.5, 0, 1) * np.clip((p - finger[0][0]) / 0.12 + 0.3, 0, 1)
        shade = shade + weight * (1 - _ROUND * across**2 - shade)
        inside = np.maximum(inside, depth)
    return inside * length, shade


def _capsule(
    p: np.ndarray,
    q: np.ndarray,
    base: tuple[float, float],
    tip: tuple[float, float],
    thick: float,
    thin: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Distance inside a tapered capsule, and the distance to its axis over its radius, to 1."""
    step = np.array(tip) - np.array(base)
    t = np.clip(((p - base[0]) * step[0] + (q - base[1]) * step[1]) / (step @ step), 0, 1)
    distance = np.hypot(p - base[0] - t * step[0], q - base[1] - t * step[1])
    radius = thick + (thin - thick) * t
    return radius - distance, np.minimum(distance / radius, 1)
