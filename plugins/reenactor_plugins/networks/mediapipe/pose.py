"""BlazePose's second stage: landmarks, silhouette and features of one person in a square."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, UInt8

from reenactor.runtime import Runtime
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.networks.mediapipe.session import OnnxNetwork
from reenactor_plugins.networks.mediapipe.sigmoid import sigmoid
from reenactor_plugins.networks.mediapipe.weights import POSE_FULL_TAPS

POSE_SIDE = 256
"""Side of the network's input in pixels."""
FEATURE_CHANNELS = (24, 72, 80, 136, 144)
"""Channels of the features at strides 2, 4, 8, 16 and 32."""
_LANDMARKS = 33
_FIRST_FEATURE = 5  # outputs before these: landmarks, flag, segmentation, heat maps, world
_FEATURE_GROUPS = ((0, 1), (2, 3), (4, 5), (6, 7), (8,))  # outputs of each stride
_WINDOW = 3  # radius of the refinement around a landmark, in heat map cells


@dataclass(frozen=True)
class PoseResult:
    """The network's outputs for one square.

    `landmarks` are BlazePose's 33, x and y in pixels of the picture, z in the same unit, smaller
    nearer the camera, 0 between the hips. `visibility` (not hidden) and `presence` (inside the
    square) are probabilities. `circle` holds the point between the hips and the point straight
    above it on the circle around the person: the next frame's square by `roi_of_circle`. `world`
    is in metres, origin between the hips, x right and y down in the picture. `segmentation` are
    logits over the square; `roi` is that square; `flag` is the probability that a person is
    there.
    """

    roi: Roi
    flag: float
    landmarks: Float[np.ndarray, "33 3"]
    visibility: Float[np.ndarray, " 33"]
    presence: Float[np.ndarray, " 33"]
    circle: Float[np.ndarray, "2 2"]
    world: Float[np.ndarray, "33 3"]
    segmentation: Float32[np.ndarray, "256 256"]
    feature_outputs: tuple[Float32[np.ndarray, "1 _ _ _"], ...]

    @property
    def features(self) -> tuple[Float32[np.ndarray, "1 _ _ _"], ...]:
        """Intermediate features at strides 2, 4, 8, 16 and 32, channels first.

        They have FEATURE_CHANNELS channels and sides of 128, 64, 32, 16 and 8.
        """
        return tuple(
            np.concatenate([self.feature_outputs[i].transpose(0, 3, 1, 2) for i in group], 1)
            for group in _FEATURE_GROUPS
        )


class PoseNetwork:
    """The landmark network (BlazePose GHUM full)."""

    def __init__(self, runtime: Runtime) -> None:
        self._network = OnnxNetwork(POSE_FULL_TAPS, runtime)

    def __call__(self, picture: UInt8[np.ndarray, "H W 3"], roi: Roi) -> PoseResult:
        """Run the network on one square of an RGB picture."""
        crop = roi.cut(picture, POSE_SIDE)
        outputs = self._network(crop, 0.0, 1.0)
        landmarks, flag, segmentation, heat, world = outputs[:_FIRST_FEATURE]
        points = landmarks.reshape(39, 5).astype(np.float64)
        points[:_LANDMARKS, :2] = refined(points[:_LANDMARKS, :2], heat[0, :, :, :_LANDMARKS])
        xy = roi.back(points[:, :2], POSE_SIDE)
        depth = points[:_LANDMARKS, 2:3] * (roi.size / POSE_SIDE)
        return PoseResult(
            roi=roi,
            flag=float(flag[0, 0]),
            landmarks=np.concatenate([xy[:_LANDMARKS], depth], 1),
            visibility=sigmoid(points[:_LANDMARKS, 3]),
            presence=sigmoid(points[:_LANDMARKS, 4]),
            circle=xy[_LANDMARKS : _LANDMARKS + 2],
            world=roi.upright(world.reshape(39, 3)[:_LANDMARKS]),
            segmentation=segmentation[0, :, :, 0],
            feature_outputs=tuple(outputs[_FIRST_FEATURE:]),
        )


def refined(
    points: Float[np.ndarray, "K 2"], heat: Float[np.ndarray, "S S K"]
) -> Float[np.ndarray, "K 2"]:
    """Refine landmarks by the local centre of mass of their heat maps, if it is confident.

    Args:
        points: landmarks in pixels of the square.
        heat: heat map logits on a grid four times coarser.
    """
    side = heat.shape[0]
    step = POSE_SIDE // side
    cells = points / step
    inside = ((cells >= 0) & (cells < side)).all(1)
    around = np.arange(-_WINDOW, _WINDOW + 1)
    columns, rows = (cells[inside].astype(int).T)[..., None] + around
    x, y = columns.clip(0, side - 1), rows.clip(0, side - 1)
    weight = sigmoid(heat[y[:, :, None], x[:, None, :], np.flatnonzero(inside)[:, None, None]])
    weight *= (rows == y)[:, :, None] & (columns == x)[:, None, :]  # no cell beyond the edge
    confident = weight.max((1, 2)) >= 0.5
    total = weight.sum((1, 2))[confident]
    centre_x = (weight.sum(1) * columns).sum(1)[confident] / total
    centre_y = (weight.sum(2) * rows).sum(1)[confident] / total
    result = points.copy()
    result[np.flatnonzero(inside)[confident]] = np.stack([centre_x, centre_y], 1) * step
    return result
