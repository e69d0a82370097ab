"""Limb maps: the pose network's landmarks drawn as input channels of the parsing network."""

import cv2
import numpy as np
from jaxtyping import Float, Float32

from reenactor_plugins.networks.mediapipe.landmark import Landmark

_L = Landmark
TORSO = (_L.L_SHOULDER, _L.R_SHOULDER, _L.R_HIP, _L.L_HIP)
LINES: tuple[tuple[tuple[Landmark, Landmark], ...], ...] = (
    ((_L.L_SHOULDER, _L.L_ELBOW), (_L.L_ELBOW, _L.L_WRIST), (_L.L_WRIST, _L.L_INDEX)),
    ((_L.R_SHOULDER, _L.R_ELBOW), (_L.R_ELBOW, _L.R_WRIST), (_L.R_WRIST, _L.R_INDEX)),
    ((_L.L_HIP, _L.L_KNEE), (_L.L_KNEE, _L.L_ANKLE)),
    ((_L.R_HIP, _L.R_KNEE), (_L.R_KNEE, _L.R_ANKLE)),
    ((_L.L_ANKLE, _L.L_TOE), (_L.L_HEEL, _L.L_TOE)),
    ((_L.R_ANKLE, _L.R_TOE), (_L.R_HEEL, _L.R_TOE)),
    (),  # the torso, which is filled
    ((_L.L_EAR, _L.R_EAR), (_L.NOSE, _L.L_EAR), (_L.NOSE, _L.R_EAR)),
)
"""Content of each map: arms, legs, feet (left first), torso, head."""
NUM_MAPS = len(LINES)
TORSO_MAP, HEAD_MAP = 6, 7
THICKNESS = 10
"""Thickness of a limb in pixels of the drawing (half of the square's 256), at usual size."""
SOFTNESS = 2.5
"""Sigma of the blur, in the same pixels."""

SWAPPED: tuple[int, ...] = (0, 4, 5, 6, 1, 2, 3, *(i + 1 if i % 2 else i - 1 for i in range(7, 33)))
"""`SWAPPED[k]` is the landmark that `k` becomes when flipped."""


def limb_maps(
    points: Float[np.ndarray, "33 2"], side: int, zoom: float = 1.0
) -> Float32[np.ndarray, "8 S S"]:
    """Draw the eight maps, in [0, 1].

    Args:
        points: BlazePose's landmarks in pixels of the square.
        side: side of the square in pixels.
        zoom: scale of the person relative to a fitted square; limbs are scaled with it.
    """
    half = side // 2
    fixed = np.clip(points / 2, -999, 999).astype(np.int32)
    thickness = max(2, round(zoom * THICKNESS))
    maps = np.empty((NUM_MAPS, side, side), np.float32)
    for channel, lines in enumerate(LINES):
        canvas = np.zeros((half, half), np.uint8)
        if channel == TORSO_MAP:
            cv2.fillPoly(canvas, [fixed[list(TORSO)]], (255,))
        wide = 2 * thickness if channel == HEAD_MAP else thickness
        for a, b in lines:
            cv2.line(canvas, fixed[a].tolist(), fixed[b].tolist(), (255,), wide)
        soft = cv2.GaussianBlur(canvas, (0, 0), SOFTNESS).astype(np.float32) / 255
        maps[channel] = cv2.resize(soft, (side, side))
    return maps
