"""Training samples of `taps`: augmented squares around people."""

from collections.abc import Mapping
from dataclasses import replace
from math import log, radians

import cv2
import numpy as np
import torch
from jaxtyping import Float, Float32, UInt8
from torch import Tensor

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor.training import Example
from reenactor.training.batches import Batch
from reenactor.training.shards import Shards
from reenactor.weights import WeightStore, default_folder
from reenactor_plugins.networks.mediapipe.pose import POSE_SIDE, PoseNetwork
from reenactor_plugins.networks.mediapipe.roi import Roi, roi_of_body
from reenactor_plugins.parser.taps.classes import in_networks_classes
from reenactor_plugins.parser.taps.limbs import SWAPPED, limb_maps
from reenactor_plugins.parser.taps.locate import completed, locate_person
from reenactor_plugins.parser.taps.network import FEATURE_CHANNELS, NUM_CLASSES
from reenactor_plugins.parser.taps.settings import TapsSettings
from reenactor_plugins.parser.taps.views import MIRRORED_CLASSES

COLUMNS = slice(32, 224)
"""Columns of the square used for training: people are upright."""
POSE_FEATURES = tuple(f"pose_features_{level}" for level in range(len(FEATURE_CHANNELS)))
"""Batch keys of the pose network's features, finest first."""

Points = Float[np.ndarray, "33 2"]


class Squares:
    """One person per example that shows a torso, cropped as by the parser.

    The pose network locates the person of each example once; the result is cached.

    Attributes:
        shares: share of all pixels for each class of the network.
    """

    def __init__(self, shards: Shards, settings: TapsSettings, *, vary: bool) -> None:
        self.shards = shards
        self.settings = settings
        self.vary = vary
        self.usable: list[int] = []
        counts = np.zeros(NUM_CLASSES)
        for index, example in enumerate(shards):
            if roi_of_body(completed(_body(example))) is not None:
                self.usable.append(index)
                counts += np.bincount(_labels(example).ravel(), minlength=NUM_CLASSES)
        self.shares: Float[np.ndarray, " 21"] = counts / max(counts.sum(), 1)
        self._places: dict[int, tuple[Points, Roi]] = {}
        self._pose: PoseNetwork | None = None

    def __len__(self) -> int:
        return len(self.usable)

    def require_some(self) -> None:
        """Raises:
        InputError: no example shows a torso.
        """
        if not self.usable:
            raise InputError(
                "there is nothing to train on: no example shows a torso",
                given=f"{len(self.shards)} examples",
                expected="people whose shoulders and hips are seen",
            )

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """One person.

        Returns:
            `picture` (11, 256, 192): RGB in [-1, 1] and the limb maps;
            `pose_features_0` .. `pose_features_4` (C, h, w): the pose network's features;
            `truth` (256, 192) uint8: the network's
            classes.
        """
        place = self.usable[index]
        example = self.shards[place]
        picture, labels = example.image[0].numpy(), _labels(example)
        points, roi = self._place(place, picture, example)
        zoom, swapped, noise = 1.0, False, np.zeros_like(points)
        if self.vary:
            roi, zoom = varied(roi, self.settings, random)
            swapped = random.random() < 0.5
            noise = random.normal(0, self.settings.jitter, points.shape)
        to_crop = roi.to_crop(POSE_SIDE)
        seen = roi.cut(picture, POSE_SIDE)
        truth = cv2.warpAffine(labels, to_crop, (POSE_SIDE, POSE_SIDE), flags=cv2.INTER_NEAREST)
        points = points @ to_crop[:, :2].T + to_crop[:, 2]
        if swapped:
            seen, truth = seen[:, ::-1], np.array(MIRRORED_CLASSES, np.uint8)[truth[:, ::-1]]
            points = points[list(SWAPPED)] * [-1, 1] + [POSE_SIDE - 1, 0]
        seen = recoloured(seen, random) if self.vary else np.ascontiguousarray(seen)
        whole = Roi(POSE_SIDE / 2, POSE_SIDE / 2, float(POSE_SIDE), 0.0)
        rgb = seen.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
        channels = np.concatenate([rgb, limb_maps(points + noise, POSE_SIDE, zoom)])
        pose_features = self.pose(seen, whole).features
        return {
            "picture": _tensor(channels[:, :, COLUMNS]),
            **{
                name: _tensor(_columns(features[0]))
                for name, features in zip(POSE_FEATURES, pose_features, strict=True)
            },
            "truth": _tensor(truth[:, COLUMNS]),
        }

    @property
    def pose(self) -> PoseNetwork:
        """The pose network, one per process."""
        if self._pose is None:
            self._pose = PoseNetwork(Runtime(WeightStore(default_folder()).path))
        return self._pose

    def _place(
        self, index: int, picture: UInt8[np.ndarray, "H W 3"], example: Example
    ) -> tuple[Points, Roi]:
        """The person's landmarks and square, in pixels of the picture."""
        if index not in self._places:
            sighting = locate_person(self.pose, picture, _body(example))
            if sighting is None:
                raise InputError("an example shows no torso", given=example.entry.name)
            self._places[index] = sighting.points, sighting.roi
        return self._places[index]


def pose_features_of(batch: Batch) -> list[Float[Tensor, "N _ _ _"]]:
    """The pose network's features of a batch, finest first."""
    return [batch[name] for name in POSE_FEATURES]


def pixels_of(batch: Batch) -> UInt8[Tensor, "N 3 H W"]:
    """The RGB pictures of a batch."""
    return ((batch["picture"][:, :3] + 1) * 127.5).round().byte()


def varied(roi: Roi, settings: TapsSettings, random: np.random.Generator) -> tuple[Roi, float]:
    """Randomly scale, shift and rotate the square; also return the scale of the person in it."""
    zoom = float(np.exp(random.uniform(-1, 1) * log(settings.scale)))
    shift = random.uniform(-settings.shift, settings.shift, 2) * roi.size
    moved = replace(
        roi,
        x=roi.x + float(shift[0]),
        y=roi.y + float(shift[1]),
        size=roi.size / zoom,
        angle=roi.angle + radians(random.uniform(-settings.turn, settings.turn)),
    )
    return moved, zoom


def recoloured(
    picture: UInt8[np.ndarray, "H W 3"], random: np.random.Generator
) -> UInt8[np.ndarray, "H W 3"]:
    """Random brightness, contrast, white balance and saturation."""
    colour = picture.astype(np.float32) / 255
    colour = colour * random.uniform(0.75, 1.25) + random.uniform(-0.08, 0.08)
    mean = colour.mean()
    colour = (colour - mean) * random.uniform(0.8, 1.2) + mean
    colour = colour * random.uniform(0.92, 1.08, 3)
    grey = colour.mean(2, keepdims=True)
    colour = grey + (colour - grey) * random.uniform(0.6, 1.3)
    return np.ascontiguousarray(np.clip(colour * 255 + 0.5, 0, 255).astype(np.uint8))


def _body(example: Example) -> Float[np.ndarray, "25 3"]:
    body = example.skeleton.body[0].double().numpy()
    return np.where(np.isfinite(body).all(1, keepdims=True), body, 0)


def _labels(example: Example) -> UInt8[np.ndarray, "H W"]:
    return in_networks_classes(example.parsing.labels[0].numpy())


def _columns(features: Float32[np.ndarray, "c h w"]) -> Float32[np.ndarray, "c h v"]:
    stride = POSE_SIDE // features.shape[2]
    return features[:, :, COLUMNS.start // stride : COLUMNS.stop // stride]


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))
