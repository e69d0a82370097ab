"""The face networks: where a face's square is, and the 468 points of the mesh inside it."""

from dataclasses import dataclass
from math import atan2, cos, sin

import numpy as np
from jaxtyping import Float, UInt8

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.detection import Detection, face_detector
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.networks.mediapipe.session import OnnxNetwork
from reenactor_plugins.networks.mediapipe.sigmoid import sigmoid
from reenactor_plugins.networks.mediapipe.weights import FACE_LANDMARK

FACE_SIDE = 192
RIGHT_EYE, LEFT_EYE = 33, 263
"""Mesh points: the outer corners of the eyes."""
MARGIN = 1.5
"""A face's square is this much larger than its box."""
_MIN_SCORE = 0.4


@dataclass(frozen=True)
class FaceResult:
    """The 468 points of the face mesh in pixels, and the probability of a face."""

    mesh: Float[np.ndarray, "468 2"]
    score: float


class FaceNetwork:
    """The two networks: detection near the head, and the mesh."""

    def __init__(self, runtime: Runtime) -> None:
        self._detector = face_detector(runtime)
        self._mesh = OnnxNetwork(FACE_LANDMARK, runtime)

    def found(self, picture: UInt8[np.ndarray, "H W 3"], head: Roi) -> Roi | None:
        """The square of the best face inside a generous square around the head."""
        faces = self._detector(picture, head, _MIN_SCORE)
        return roi_of_detection(faces[0]) if faces else None

    def __call__(self, picture: UInt8[np.ndarray, "H W 3"], roi: Roi) -> FaceResult:
        """Find the mesh in a face's square."""
        points, flag = self._mesh(roi.cut(picture, FACE_SIDE), 0.0, 1.0)
        mesh = roi.back(points.reshape(468, 3)[:, :2], FACE_SIDE)
        return FaceResult(mesh, float(sigmoid(flag.astype(np.float64)).item()))


def roi_of_head(points: Float[np.ndarray, "K 2"], right_eye: int, left_eye: int) -> Roi:
    """A generous square around a head: three times the larger extent of the points on its face."""
    low, high = points.min(0), points.max(0)
    x, y = (float(v) for v in (low + high) / 2)
    angle = _slope(points[right_eye], points[left_eye])
    return Roi(x, y, 3 * float((high - low).max()), angle)


def roi_of_detection(face: Detection) -> Roi:
    """The square of a detected face, level with its eyes (points 0 and 1)."""
    angle = _slope(face.points[0], face.points[1])
    x, y = (float(v) for v in face.centre)
    return Roi(x, y, MARGIN * float(face.size.max()), angle)


def roi_of_mesh(mesh: Float[np.ndarray, "468 2"]) -> Roi:
    """The square around a face's mesh, level with its eyes."""
    angle = _slope(mesh[RIGHT_EYE], mesh[LEFT_EYE])
    turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    level = mesh @ turn.T
    low, high = level.min(0), level.max(0)
    x, y = (float(v) for v in turn.T @ ((low + high) / 2))
    return Roi(x, y, MARGIN * float((high - low).max()), angle)


def _slope(right_eye: Float[np.ndarray, " 2"], left_eye: Float[np.ndarray, " 2"]) -> float:
    dx, dy = (float(v) for v in left_eye - right_eye)
    return atan2(dy, dx)
