"""The detectors of MediaPipe (BlazeFace and the pose detector of the same make): where people are.

A detector gives, for each anchor (a point on a grid of cells), a box and key points relative to
it and one score. Overlapping answers are not dropped but averaged, weighted by their scores.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from jaxtyping import Float, Int, UInt8

from reenactor.ops.boxes import iou
from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.networks.mediapipe.session import Network
from reenactor_plugins.networks.mediapipe.sigmoid import sigmoid
from reenactor_plugins.networks.mediapipe.weights import FACE_DETECTION, POSE_DETECTION

OVERLAP = 0.3
"""Two boxes whose intersection over union is above this are the same person."""


@dataclass(frozen=True)
class Detection:
    """One find: a score, a box and key points, in pixels of the picture.

    The box has its sides along those of the square that was looked into; `size` is its width and
    height.
    """

    score: float
    centre: Float[np.ndarray, " 2"]
    size: Float[np.ndarray, " 2"]
    points: Float[np.ndarray, "K 2"]


def anchors(side: int, strides: tuple[int, ...]) -> Float[np.ndarray, "A 2"]:
    """The centres of all anchors, x and y as shares of the side.

    Each layer has two anchors in each of its cells; neighbouring layers of one stride lie
    interleaved, cell by cell.
    """
    rows = []
    for stride in dict.fromkeys(strides):
        cells = ceil(side / stride)
        centres = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(centres, centres, indexing="ij")
        grid = np.stack([x.ravel(), y.ravel()], 1)
        rows.append(np.repeat(grid, 2 * strides.count(stride), 0))
    return np.concatenate(rows)


def groups(
    scores: Float[np.ndarray, " N"], boxes: Float[np.ndarray, "N 4"]
) -> list[Int[np.ndarray, " M"]]:
    """Which answers are the same find: each group is the best one left and what overlaps it."""
    found = []
    left = np.argsort(-scores, kind="stable")
    while len(left):
        same = iou(boxes[left[:1]], boxes[left])[0] > OVERLAP
        same[0] = True  # even where its box has no area
        found.append(left[same])
        left = left[~same]
    return found


class Detector:
    """Finds people or faces inside a square."""

    def __init__(self, network: Network, side: int, strides: tuple[int, ...]) -> None:
        self._network = network
        self._side = side
        self._anchors = anchors(side, strides)

    def __call__(
        self, picture: UInt8[np.ndarray, "H W 3"], roi: Roi, min_score: float = 0.5
    ) -> list[Detection]:
        """Give everybody found in the square, best score first, in pixels of the picture."""
        answers, logits = self._network(roi.cut(picture, self._side), -1.0, 1.0)
        scores = sigmoid(logits[0, :, 0].astype(np.float64))
        good = scores > min_score
        pairs = answers.shape[2] // 2  # centre, size, key points
        values = answers[0, good].astype(np.float64).reshape(-1, pairs, 2) / self._side
        values[:, 0] += self._anchors[good]
        values[:, 2:] += self._anchors[good][:, None]
        centre, half = values[:, 0], values[:, 1] / 2
        boxes = np.concatenate([centre - half, centre + half], 1)
        finds = []
        for group in groups(scores[good], boxes):
            weight = scores[good][group]
            mean = (values[group] * weight[:, None, None]).sum(0) / weight.sum()
            points = roi.back(np.delete(mean, 1, 0), 1)
            finds.append(Detection(float(weight[0]), points[0], mean[1] * roi.size, points[1:]))
        return finds


def pose_detector(runtime: Runtime) -> Detector:
    """Finds people. Points: between the hips, rim of the body's circle, and two of the torso."""
    return Detector(Network(POSE_DETECTION, runtime), 224, (8, 16, 32, 32, 32))


def face_detector(runtime: Runtime) -> Detector:
    """Finds faces near the camera. Points: right eye, left eye, nose, mouth, right and left ear."""
    return Detector(Network(FACE_DETECTION, runtime), 128, (8, 16, 16, 16))
