"""Street photos of whole people, half of them labelled by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import final

import numpy as np
import torch
from jaxtyping import Float, UInt8

from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor.runtime import Runtime
from reenactor.training import Dataset, Shot
from reenactor.values import Parsing
from reenactor_plugins.datasets.ccp.classes import learnt_classes
from reenactor_plugins.datasets.ccp.files import read_labels, read_names
from reenactor_plugins.datasets.ccp.labels import house_labels
from reenactor_plugins.datasets.ccp.options import CcpOptions
from reenactor_plugins.datasets.reading import read_frames_of, require_folder, require_size
from reenactor_plugins.networks.mediapipe.detection import pose_detector
from reenactor_plugins.networks.mediapipe.landmark import Landmark
from reenactor_plugins.networks.mediapipe.pose import PoseNetwork
from reenactor_plugins.networks.mediapipe.roi import Roi, roi_of_circle

ADVICE = "get the collection: github.com/bearpaw/clothing-co-parsing"


@final
class Ccp(Dataset[CcpOptions]):
    """Photos named after their files, `0173`. Each is assumed to show another person.

    The labels have no sides; these come from the pose network, see `learnt_classes`.
    """

    def __init__(self, options: CcpOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        folder = options.folder
        require_folder(folder / "photos", "photos/0001.jpg and so on", ADVICE)
        photos = sorted((folder / "photos").glob("*.jpg"))
        if options.labelled == "only":
            photos = [photo for photo in photos if self._labels(photo).is_file()]
        if not photos:
            raise InputError("the collection has no photos", given=str(folder), advice=ADVICE)
        self._photos = photos
        self._classes: tuple[str, ...] = ()
        if (folder / "label_list.mat").is_file():
            self._classes = read_names(folder)
        self._detect, self._pose = pose_detector(runtime), PoseNetwork(runtime)

    def names(self) -> Sequence[str]:
        return [photo.stem for photo in self._photos]

    def shots(self, index: int) -> Sequence[Shot]:
        photo = self._photos[index]
        frames = read_frames_of(photo)
        parsing = None
        if self._classes and self._labels(photo).is_file():
            truth = read_labels(self._labels(photo))
            require_size(truth.shape, frames.size, self._labels(photo))
            found = self._parsing(frames.pixels[0].numpy(), truth)
            parsing = Parsing(torch.from_numpy(found)[None])
        return [Shot(frames, person=photo.stem, source=photo.stem, parsing=parsing)]

    def _labels(self, photo: Path) -> Path:
        return self.options.folder / "annotations" / "pixel-level" / f"{photo.stem}.mat"

    def _parsing(
        self, picture: UInt8[np.ndarray, "H W 3"], truth: UInt8[np.ndarray, "H W"]
    ) -> UInt8[np.ndarray, "H W"]:
        height, width = picture.shape[:2]
        found = self._detect(picture, Roi(width / 2, height / 2, float(max(height, width)), 0.0))
        if not found:
            raise InputError("no person was detected, so left and right are unknown")
        centre, rim = found[0].points[:2]
        points = self._pose(picture, roi_of_circle(centre, rim)).landmarks[:, :2]
        return house_labels(learnt_classes(truth, self._classes, points), _head(points))


def _head(points: Float[np.ndarray, "33 2"]) -> Float[np.ndarray, "25 3"]:
    """A skeleton of nose and neck only, to separate the face from the neck."""
    body = np.zeros((25, 3))
    body[Joint.NOSE] = *points[Landmark.NOSE], 1
    body[Joint.NECK] = *points[[Landmark.L_SHOULDER, Landmark.R_SHOULDER]].mean(0), 1
    return body
