"""Test-time augmentation: averages the parsing network's output over several views."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from jaxtyping import Float32, UInt8

from reenactor_plugins.networks.mediapipe.pose import POSE_SIDE, PoseNetwork
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.parser.taps.limbs import SWAPPED, limb_maps
from reenactor_plugins.parser.taps.locate import LocatedPerson
from reenactor_plugins.parser.taps.network import NUM_CLASSES, ParsingNetwork

MIRRORED_CLASSES = [*range(14), 15, 14, 17, 16, 19, 18, 20]
"""The class that each class becomes when flipped."""
ABSENT = 0.03
"""A class whose maximum probability in a view is below this is skipped."""


@dataclass(frozen=True)
class CropView:
    """A view: zoom, rotation in radians, and whether it is flipped."""

    zoom: float = 1.0
    turn: float = 0.0
    mirrored: bool = False


VIEWS: dict[str, tuple[CropView, ...]] = {
    "one": (CropView(),),
    "flip": (CropView(), CropView(mirrored=True)),
    "many": (
        CropView(),
        CropView(mirrored=True),
        CropView(zoom=1.2),
        CropView(zoom=1.2, mirrored=True),
    ),
}


@dataclass(frozen=True)
class LabelRegion:
    """The labelled region of a picture: its corner and size in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def part(self) -> tuple[slice, slice]:
        """The region's rows and columns."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)

    @property
    def shift(self) -> np.ndarray:
        """The 3x3 matrix from the region's pixels to the picture's."""
        return np.array([[1, 0, self.left], [0, 1, self.top], [0, 0, 1]])


class ViewAverager:
    """Runs both networks on views of a picture."""

    def __init__(
        self, pose: PoseNetwork, network: ParsingNetwork, device: torch.device, dtype: torch.dtype
    ) -> None:
        self._pose = pose
        self._network = network
        self._device, self._dtype = device, dtype

    def probabilities(
        self,
        picture: UInt8[np.ndarray, "H W 3"],
        sighting: LocatedPerson,
        sheet: LabelRegion,
        views: tuple[CropView, ...],
    ) -> Float32[np.ndarray, "21 h w"]:
        """Return the mean class probabilities over the views, on the region."""
        total = np.zeros((NUM_CLASSES, sheet.height, sheet.width), np.float32)
        mirrored_picture = np.ascontiguousarray(picture[:, ::-1])
        for view in views:
            roi, points = _seen(view, sighting, picture.shape[1])
            answer = self._answer(
                mirrored_picture if view.mirrored else picture, roi, points, view, sighting
            )
            to_crop = roi.to_crop(POSE_SIDE)
            if view.mirrored:
                answer = answer[MIRRORED_CLASSES]
                to_crop = to_crop @ np.array([[-1, 0, picture.shape[1] - 1], [0, 1, 0], [0, 0, 1]])
            _add_warped(total, answer, to_crop @ sheet.shift)
        return total / len(views)

    def _answer(
        self,
        picture: np.ndarray,
        roi: Roi,
        points: np.ndarray,
        view: CropView,
        sighting: LocatedPerson,
    ) -> Float32[np.ndarray, "21 256 256"]:
        result = sighting.pose if view == CropView() else self._pose(picture, roi)
        crop = roi.cut(picture, POSE_SIDE).astype(np.float32) / 127.5 - 1
        in_crop = points @ roi.to_crop(POSE_SIDE)[:, :2].T + roi.to_crop(POSE_SIDE)[:, 2]
        channels = [crop.transpose(2, 0, 1), limb_maps(in_crop, POSE_SIDE, view.zoom)]
        seen = self._tensor(np.concatenate(channels)[None])
        pose_features = [self._tensor(features) for features in result.features]
        with torch.inference_mode():
            logits = self._network(seen, pose_features)
        probabilities: np.ndarray = logits.float().softmax(1)[0].cpu().numpy()
        return probabilities

    def _tensor(self, values: np.ndarray) -> torch.Tensor:
        tensor = torch.from_numpy(np.ascontiguousarray(values))
        return tensor.to(self._device, self._dtype, memory_format=torch.channels_last)


def _seen(view: CropView, sighting: LocatedPerson, width: int) -> tuple[Roi, np.ndarray]:
    """The square and the landmarks in a view, in pixels of its picture."""
    roi = sighting.roi
    turned = Roi(roi.x, roi.y, roi.size / view.zoom, roi.angle + view.turn)
    if not view.mirrored:
        return turned, sighting.points
    points = sighting.points[list(SWAPPED)] * [-1, 1] + [width - 1, 0]
    return Roi(width - 1 - turned.x, turned.y, turned.size, -turned.angle), points


def _add_warped(total: np.ndarray, answer: np.ndarray, to_crop: np.ndarray) -> None:
    """Warp a view's output to the region and add it; outside the square is background."""
    size = total.shape[2], total.shape[1]
    for label in range(NUM_CLASSES):
        if answer[label].max() < ABSENT:
            continue
        total[label] += cv2.warpAffine(
            answer[label],
            to_crop,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(1.0 if label == 0 else 0.0,),
        )
