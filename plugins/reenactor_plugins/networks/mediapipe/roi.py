"""Rotated square regions of interest, the networks' inputs.

As in MediaPipe, the square is rotated so that the network sees an upright person, hand or face.
It is sampled bilinearly without smoothing (with smoothing, landmarks differ three times as much
from MediaPipe's own), black outside the picture.
"""

from dataclasses import dataclass
from math import atan2, cos, floor, hypot, pi, sin

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from reenactor.joints import Joint


@dataclass(frozen=True)
class Roi:
    """A rotated square: centre and side in pixels, and its angle.

    `angle` is in radians in -pi..pi, clockwise in the picture; 0 is upright.
    """

    x: float
    y: float
    size: float
    angle: float

    def to_crop(self, side: int) -> Float[np.ndarray, "2 3"]:
        """The affine map from the picture to a crop of side x side pixels."""
        scale = side / self.size
        turn = scale * np.array([[cos(self.angle), sin(self.angle)],
                                 [-sin(self.angle), cos(self.angle)]])  # fmt: skip
        shift = side / 2 - turn @ np.array([self.x, self.y])
        return np.concatenate([turn, shift[:, None]], 1)

    def cut(self, picture: UInt8[np.ndarray, "H W 3"], side: int) -> UInt8[np.ndarray, "S S 3"]:
        """Crop the square to side x side pixels."""
        return cv2.warpAffine(
            picture,
            self.to_crop(side),
            (side, side),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
        )

    def back(self, points: Float[np.ndarray, "K 2"], side: int) -> Float[np.ndarray, "K 2"]:
        """Map points of the crop back to pixels of the picture."""
        centred = (points.astype(np.float64) - side / 2) * (self.size / side)
        turn = np.array([[cos(self.angle), -sin(self.angle)], [sin(self.angle), cos(self.angle)]])
        moved: np.ndarray = centred @ turn.T + np.array([self.x, self.y])
        return moved

    def upright(self, vectors: Float[np.ndarray, "K 3"]) -> Float[np.ndarray, "K 3"]:
        """Rotate vectors from the square's axes to the picture's (z is unchanged)."""
        c, s = cos(self.angle), sin(self.angle)
        turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        turned: np.ndarray = vectors.astype(np.float64) @ turn.T
        return turned


def wrapped(angle: float) -> float:
    """Wrap an angle to -pi..pi."""
    return angle - 2 * pi * floor((angle + pi) / (2 * pi))


def roi_of_circle(
    centre: Float[np.ndarray, " 2"], rim: Float[np.ndarray, " 2"], scale: float = 1.25
) -> Roi:
    """The square around a person's circle, given by its centre and a point on it.

    Both points are outputs of the pose detector and the pose network: mid-hip, and a point above
    it on the circle around the whole person.
    """
    dx, dy = float(rim[0] - centre[0]), float(rim[1] - centre[1])
    angle = wrapped(pi / 2 - atan2(-dy, dx))
    return Roi(float(centre[0]), float(centre[1]), 2 * scale * hypot(dx, dy), angle)


TORSO = (Joint.R_SHOULDER, Joint.L_SHOULDER, Joint.R_HIP, Joint.L_HIP)


def roi_of_body(body: Float[np.ndarray, "25 3"], scale: float = 1.25) -> Roi | None:
    """A person's square from a skeleton of any estimator.

    Centred on mid-hip, aligned with the spine, large enough for all visible joints. None if hips
    or shoulders are not visible.
    """
    seen = body[:, 2] > 0
    if not seen[list(TORSO)].all():
        return None
    xy = body[:, :2].astype(np.float64)
    hips = (xy[Joint.R_HIP] + xy[Joint.L_HIP]) / 2
    shoulders = (xy[Joint.R_SHOULDER] + xy[Joint.L_SHOULDER]) / 2
    up = shoulders - hips
    spine = float(np.hypot(*up))
    radius = float(np.hypot(*(xy[seen] - hips).T).max())
    if spine < 1e-3 or radius < 1:
        return None
    return roi_of_circle(hips, hips + up / spine * radius, scale)
