"""The hand networks: where a hand's square is, and the 21 points inside it.

Three ways to a hand's square: rough, from the wrist and knuckles that the pose network gives;
re-cropped, by a small network that looks into the rough one; or, in a video, from the hand's own
points in the frame before.
"""

from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

import numpy as np
from jaxtyping import Float, UInt8

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.roi import Roi, wrapped
from reenactor_plugins.networks.mediapipe.session import OnnxNetwork
from reenactor_plugins.networks.mediapipe.weights import HAND_LANDMARK, HAND_RECROP

HAND_SIDE = 224
RECROP_SIDE = 256
_PALM = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)
"""Points that stay together however the fingers move."""
_UP = 0.1
"""Squares are moved this share of the hand's length towards the finger tips."""


@dataclass(frozen=True)
class HandResult:
    """The 21 points of a hand (OpenPose's order too) in pixels, and the probability of a hand."""

    points: Float[np.ndarray, "21 2"]
    score: float


class HandNetwork:
    """The two networks: recrop and landmarks."""

    def __init__(self, runtime: Runtime) -> None:
        self._recrop = OnnxNetwork(HAND_RECROP, runtime)
        self._landmarks = OnnxNetwork(HAND_LANDMARK, runtime)

    def recropped(self, picture: UInt8[np.ndarray, "H W 3"], rough: Roi) -> Roi | None:
        """The hand's square, found inside a rough one; None where it has no extent."""
        crop = rough.cut(picture, RECROP_SIDE)
        ends = self._recrop(crop, 0.0, 1.0)[0].reshape(2, 2)
        foot, tip = rough.back(ends, RECROP_SIDE)
        dx, dy = float(tip[0] - foot[0]), float(tip[1] - foot[1])
        size = 2 * hypot(dx, dy)
        if size < 1:
            return None
        angle = wrapped(-pi / 2 - atan2(-dy, dx))
        return _moved_up(float(foot[0]), float(foot[1]), size, angle, size)

    def __call__(self, picture: UInt8[np.ndarray, "H W 3"], roi: Roi) -> HandResult:
        """Find the hand's points in its square."""
        landmarks, flag = self._landmarks(roi.cut(picture, HAND_SIDE), 0.0, 1.0)[:2]
        points = landmarks.reshape(21, 3)[:, :2]
        return HandResult(roi.back(points, HAND_SIDE), float(flag[0, 0]))


def roi_of_wrist(
    wrist: Float[np.ndarray, " 2"], pinky: Float[np.ndarray, " 2"], index: Float[np.ndarray, " 2"]
) -> Roi:
    """The rough square, from the pose network's wrist and two knuckles."""
    middle = (2 * index + pinky) / 3
    dx, dy = (float(v) for v in middle - wrist)
    angle = wrapped(pi / 2 - atan2(-dy, dx))
    return Roi(float(middle[0]), float(middle[1]), 2 * 2.7 * hypot(dx, dy), angle)


def roi_of_hand(points: Float[np.ndarray, "21 2"]) -> Roi:
    """The square from the hand's own 21 points: twice the palm's larger extent, turned with it."""
    knuckles = ((points[5] + points[13]) / 2 + points[9]) / 2
    dx, dy = (float(v) for v in knuckles - points[0])
    angle = wrapped(pi / 2 - atan2(-dy, dx))
    turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    palm = points[list(_PALM)] @ turn.T
    low, high = palm.min(0), palm.max(0)
    x, y = (float(v) for v in turn.T @ ((low + high) / 2))
    return _moved_up(x, y, 2 * float((high - low).max()), angle, float(high[1] - low[1]))


def _moved_up(x: float, y: float, size: float, angle: float, length: float) -> Roi:
    return Roi(x + sin(angle) * _UP * length, y - cos(angle) * _UP * length, size, angle)
