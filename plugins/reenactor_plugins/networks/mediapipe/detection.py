"""MediaPipe's person and face detectors (BlazeFace and BlazePose's pose detector).

A detector returns a box, key points and a score for each anchor (a point on a grid). Overlapping
detections are averaged, weighted by their scores, instead of being suppressed.
"""

from dataclasses import dataclass
from math import ceil

import numpy as np
from jaxtyping import Float, Int, UInt8

from reenactor.ops.boxes import iou
from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.networks.mediapipe.session import OnnxNetwork
from reenactor_plugins.networks.mediapipe.sigmoid import sigmoid
from reenactor_plugins.networks.mediapipe.weights import FACE_DETECTION, POSE_DETECTION

OVERLAP = 0.3
"""Detections with an intersection over union above this are merged."""


@dataclass(frozen=True)
class Detection:
    """A score, a box and key points, in pixels of the picture.

    The sides of the box are parallel to those of the input square; `size` is its width and height.
    """

    score: float
    centre: Float[np.ndarray, " 2"]
    size: Float[np.ndarray, " 2"]
    points: Float[np.ndarray, "K 2"]


def anchors(side: int, strides: tuple[int, ...]) -> Float[np.ndarray, "A 2"]:
    """The centres of all anchors: x and y in [0, 1].

    Each layer has two anchors per cell; consecutive layers of one stride are interleaved cell by
    cell.
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
    """Group overlapping boxes: each group is the best remaining box and those that overlap it."""
    found = []
    left = np.argsort(-scores, kind="stable")
    while len(left):
        same = iou(boxes[left[:1]], boxes[left])[0] > OVERLAP
        same[0] = True  # even where its box has no area
        found.append(left[same])
        left = left[~same]
    return found


class BlazeDetector:
    """Detects people or faces inside a square."""

    def __init__(self, network: OnnxNetwork, side: int, strides: tuple[int, ...]) -> None:
        self._network = network
        self._side = side
        self._anchors = anchors(side, strides)

    def __call__(
        self, picture: UInt8[np.ndarray, "H W 3"], roi: Roi, min_score: float = 0.5
    ) -> list[Detection]:
        """Return all detections in the square, best score first, in pixels of the picture."""
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


def pose_detector(runtime: Runtime) -> BlazeDetector:
    """Detects people. Points: mid-hip, a point on the body's circle, and two on the torso."""
    return BlazeDetector(OnnxNetwork(POSE_DETECTION, runtime), 224, (8, 16, 32, 32, 32))


def face_detector(runtime: Runtime) -> BlazeDetector:
    """Detects faces near the camera. Points: both eyes (right first), nose, mouth, both ears."""
    return BlazeDetector(OnnxNetwork(FACE_DETECTION, runtime), 128, (8, 16, 16, 16))
