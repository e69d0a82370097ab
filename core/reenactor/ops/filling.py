"""Fills what is unknown in a picture from what is known."""

import cv2
import numpy as np
from jaxtyping import Bool, Shaped


def nearest_filled(
    values: Shaped[np.ndarray, "H W *C"], known: Bool[np.ndarray, "H W"]
) -> Shaped[np.ndarray, "H W *C"]:
    """Each unknown pixel with the value of the nearest known one.

    Where all pixels or none are known, the values are returned as they are.
    """
    if known.all() or not known.any():
        return values
    _, zone = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros((int(zone.max()) + 1, *values.shape[2:]), values.dtype)
    table[zone[known]] = values[known]
    filled: Shaped[np.ndarray, "H W *C"] = table[zone]
    return filled
