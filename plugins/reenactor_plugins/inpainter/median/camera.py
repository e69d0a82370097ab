"""Estimates camera motion between two views of a scene from background corners."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, UInt8

Matrix = Float[np.ndarray, "3 3"]
"""Maps pixels of the first view to pixels of the second, in homogeneous coordinates."""

SIDE = 960
"""Maximum size for comparing views; corners are located to a tenth of a pixel."""

STILL = 0.5
"""Movements of fewer pixels are ignored."""

FEWEST = 16
"""Minimum number of corners that agree on a movement."""


@dataclass(frozen=True)
class CameraView:
    """A picture prepared for comparison. `scale` converts full-size pixels to those of `grey`."""

    grey: UInt8[np.ndarray, "h w"]
    visible: Bool[np.ndarray, "h w"]
    scale: float
    corners: Float32[np.ndarray, "N 1 2"]
    marks: Float32[np.ndarray, "M 2"]
    descriptors: UInt8[np.ndarray, "M 32"]


def scale_for(size: tuple[int, int]) -> float:
    """Scale at which to compare pictures of the given height and width."""
    return min(1.0, SIDE / max(size))


def camera_view(
    picture: UInt8[np.ndarray, "H W 3"], hidden: Bool[np.ndarray, "H W"], scale: float
) -> CameraView:
    """Detect corners for tracking and features for matching, in the visible parts."""
    size = round(hidden.shape[1] * scale), round(hidden.shape[0] * scale)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = _evened(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    hole = cv2.resize(hidden.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    visible = cv2.dilate(hole, np.ones((9, 9), np.uint8)) == 0
    mask = visible.astype(np.uint8)
    corners = cv2.goodFeaturesToTrack(grey, 300, 0.03, 16, mask=mask)
    marks, descriptors = cv2.ORB.create(800, fastThreshold=10).detectAndCompute(grey, mask)
    if corners is None:
        corners = np.zeros((0, 1, 2), np.float32)
    if descriptors is None:
        descriptors = np.zeros((0, 32), np.uint8)
    places = np.array([mark.pt for mark in marks], np.float32).reshape(-1, 2)
    return CameraView(grey, visible, scale, corners, places, descriptors)


def _evened(grey: UInt8[np.ndarray, "h w"]) -> UInt8[np.ndarray, "h w"]:
    """Equalise local contrast, so that neither a logo over a pale scene nor the noise of a plain
    wall dominates."""
    fine = grey - cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 8)
    strength = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), 16))
    return np.asarray((128 + 40 * fine / (strength + 6)).clip(0, 255).astype(np.uint8))


def movement(first: CameraView, second: CameraView, guess: Matrix | None = None) -> Matrix | None:
    """Estimate the camera's motion in full-size pixels; None if it cannot be determined.

    If the expected movement `guess` is right within half a pixel, it is returned exactly.
    """
    big = np.diag([first.scale, first.scale, 1.0])
    starts = [] if guess is None else [big @ guess @ np.linalg.inv(big)]
    for start in (*starts, None):
        near = _recognised(first, second) if start is None else start
        found = None if near is None else _followed(first, second, near)
        if found is not None:
            right = start is not None and _apart(found, start, first) < STILL
            return guess if right else np.asarray(np.linalg.inv(big) @ found @ big)
    return None


def _apart(one: Matrix, other: Matrix, seen: CameraView) -> float:
    """Median distance between the corners under two movements."""
    ends = [cv2.perspectiveTransform(seen.corners, matrix) for matrix in (one, other)]
    return float(np.median(np.linalg.norm(ends[0] - ends[1], axis=-1)))


def _recognised(first: CameraView, second: CameraView) -> Matrix | None:
    """A movement of any size, from feature matching."""
    if min(len(first.marks), len(second.marks)) < FEWEST:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(
        first.descriptors, second.descriptors
    )
    if len(pairs) < FEWEST:
        return None
    start = first.marks[[pair.queryIdx for pair in pairs]]
    end = second.marks[[pair.trainIdx for pair in pairs]]
    return _fitted(start, end, tolerance=3.0, share=0.2)


def _followed(first: CameraView, second: CameraView, guess: Matrix) -> Matrix | None:
    """Refine a guess by tracking corners forward and backward."""
    if len(first.corners) < FEWEST:
        return None
    size = np.maximum(first.grey.shape, second.grey.shape)
    one, two = _padded(first.grey, size), _padded(second.grey, size)
    expected = cv2.perspectiveTransform(first.corners, guess).astype(np.float32)
    end, found = _flow(one, two, first.corners, expected)
    back, returned = _flow(two, one, end, first.corners)
    height, width = second.visible.shape
    at = np.round(end[:, 0]).astype(int)
    inside = np.asarray(((at >= 0) & (at < [width, height])).all(1))
    at = np.where(inside[:, None], at, 0)
    good = inside & second.visible[at[:, 1], at[:, 0]] & (found & returned)[:, 0].astype(bool)
    good &= np.linalg.norm(back - first.corners, axis=-1)[:, 0] < 0.5
    return _fitted(first.corners[good, 0], end[good, 0], tolerance=1.0, share=0.5)


def _flow(
    first: UInt8[np.ndarray, "h w"],
    second: UInt8[np.ndarray, "h w"],
    start: Float32[np.ndarray, "N 1 2"],
    expected: Float32[np.ndarray, "N 1 2"],
) -> tuple[Float32[np.ndarray, "N 1 2"], UInt8[np.ndarray, "N 1"]]:
    """Track points (Lucas-Kanade); return their new positions and whether they were found."""
    end, found, _ = cv2.calcOpticalFlowPyrLK(
        first,
        second,
        start,
        expected.copy(),
        winSize=(15, 15),
        maxLevel=2,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    return np.asarray(end, np.float32), np.asarray(found, np.uint8)


def _padded(
    grey: UInt8[np.ndarray, "h w"],
    size: np.ndarray,
) -> UInt8[np.ndarray, "H W"]:
    missing = size - grey.shape
    return np.pad(grey, ((0, missing[0]), (0, missing[1])), constant_values=128)


def _fitted(
    start: Float32[np.ndarray, "N 2"],
    end: Float32[np.ndarray, "N 2"],
    *,
    tolerance: float,
    share: float,
) -> Matrix | None:
    """The shift, rotation and zoom that most pairs agree on, if there are enough of them.

    Four parameters instead of a homography's eight: corners in one part of the picture do not
    constrain the rest.
    """
    if len(start) < FEWEST:
        return None
    matrix, inliers = cv2.estimateAffinePartial2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=tolerance
    )
    if matrix is None or inliers.sum() < max(FEWEST, share * len(start)):
        return None
    if not 0.5 < np.hypot(*matrix[0, :2]) < 2:
        return None
    return np.vstack([matrix, [0, 0, 1]])
