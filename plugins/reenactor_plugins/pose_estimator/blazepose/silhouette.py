"""The pose network's silhouette as an upright square mask."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32

from reenactor_plugins.networks.mediapipe.pose import POSE_SIDE, PoseResult
from reenactor_plugins.networks.mediapipe.sigmoid import sigmoid

MASK_SIDE = 128
MARGIN = 1.15
"""The mask's square is this much larger than the person's box: hair, skirts, bags."""


@dataclass(frozen=True)
class Silhouette:
    """A mask in [0, 1], 1 on the person, and the square x0, y0, x1, y1 that it covers."""

    mask: Float32[np.ndarray, "S S"]
    box: Float32[np.ndarray, " 4"]


def silhouette(found: PoseResult, person: Float32[np.ndarray, " 4"]) -> Silhouette:
    """Cut the person's box, made square, out of the network's turned square.

    What lies outside the turned square is not the person.
    """
    centre = (person[:2] + person[2:]) / 2
    half = MARGIN / 2 * max(float((person[2:] - person[:2]).max()), 1.0)
    box = np.concatenate([centre - half, centre + half]).astype(np.float32)
    step = 2 * half / MASK_SIDE
    to_picture = np.array(
        [[step, 0, box[0] + step / 2], [0, step, box[1] + step / 2], [0, 0, 1]], np.float64
    )
    mask = cv2.warpAffine(
        sigmoid(found.segmentation).astype(np.float32),
        found.roi.to_crop(POSE_SIDE) @ to_picture,
        (MASK_SIDE, MASK_SIDE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return Silhouette(mask, box)
