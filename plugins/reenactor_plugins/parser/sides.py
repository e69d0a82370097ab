"""Assigns classes without a side to the left or right by the nearest bone."""

from itertools import pairwise

import cv2
import numpy as np
from jaxtyping import Bool, Float, UInt8

from reenactor.joints import Joint
from reenactor_plugins.parser.label_sets import NUMBERS, SIDES

SEEN = 0.05
"""Joints below this confidence are ignored."""

J = Joint
_ARM = ((J.L_SHOULDER, J.L_ELBOW, J.L_WRIST), (J.R_SHOULDER, J.R_ELBOW, J.R_WRIST))
_LEG = ((J.L_HIP, J.L_KNEE, J.L_ANKLE), (J.R_HIP, J.R_KNEE, J.R_ANKLE))
_FOOT = ((J.L_ANKLE, J.L_HEEL, J.L_BIG_TOE), (J.R_ANKLE, J.R_HEEL, J.R_BIG_TOE))
CHAINS: dict[int, tuple[tuple[Joint, ...], tuple[Joint, ...]]] = {
    NUMBERS["arms"]: _ARM,
    NUMBERS["legs"]: _LEG,
    NUMBERS["shoes"]: _FOOT,
}
"""The joints of each class without a side, left and right."""


def with_sides(
    labels: UInt8[np.ndarray, "H W"], body: Float[np.ndarray, "25 3"]
) -> UInt8[np.ndarray, "H W"]:
    """Split `arms`, `legs` and `shoes` into left and right.

    If no joint of a side is visible, the other side gets all pixels. If none of either is, the
    person is assumed to face the camera.
    """
    result: UInt8[np.ndarray, "H W"] = labels.copy()
    for number, (left, right) in SIDES.items():
        mask = labels == number
        if mask.any():
            result[mask] = np.where(_is_left(mask, body, number), left, right)[mask]
    return result


def _is_left(
    mask: Bool[np.ndarray, "H W"], body: Float[np.ndarray, "25 3"], number: int
) -> Bool[np.ndarray, "H W"]:
    left, right = (_distance(mask.shape, body, chain) for chain in CHAINS[number])
    if left is None and right is None:
        columns = np.arange(mask.shape[1])[None]
        middle = np.nonzero(mask)[1].mean()
        return np.broadcast_to(columns > middle, mask.shape)
    if left is None or right is None:
        return np.full(mask.shape, right is None)
    nearer: Bool[np.ndarray, "H W"] = left < right
    return nearer


def _distance(
    size: tuple[int, ...], body: Float[np.ndarray, "25 3"], chain: tuple[Joint, ...]
) -> Float[np.ndarray, "H W"] | None:
    """Distance from each pixel to the visible bones, in pixels.

    Bones outside the picture are clamped to its edge.
    """
    points = body[list(chain)]
    points = points[np.isfinite(points).all(1) & (points[:, 2] > SEEN), :2]
    if not len(points):
        return None
    limit = [size[1] - 1, size[0] - 1]
    fixed = np.clip(points, 0, limit).round().astype(int).tolist()
    outside = np.ones(size, np.uint8)
    for a, b in pairwise([fixed[0], *fixed]):
        cv2.line(outside, a, b, (0,), 1)
    return cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
