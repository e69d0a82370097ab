"""What training sees of a photo: a square around the person, each time a little different."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Float, Float32, Int64, UInt8

from reenactor_plugins.datasets.ccp.classes import learnt_classes
from reenactor_plugins.datasets.ccp.files import LabelledPhoto, read_labels, read_photo
from reenactor_plugins.networks.mediapipe.detection import Detector
from reenactor_plugins.networks.mediapipe.pose import POSE_SIDE, PoseNetwork
from reenactor_plugins.networks.mediapipe.roi import Roi, roi_of_circle
from reenactor_plugins.parser.taps.limbs import SWAPPED, limb_maps
from reenactor_plugins.parser.taps.views import MIRRORED_CLASSES

COLUMNS = slice(32, 224)
"""The columns of the square that are learnt: people stand upright in them."""
ZOOM, SHIFT, TURN = 0.22, 0.05, 0.25
"""How far squares vary: exponent of the size, sides of the square, radians."""
JITTER = 1.0
"""Of the landmarks, in pixels of the square: standard deviation."""


@dataclass(frozen=True)
class Example:
    """A photo with the network's classes, and where the person stands in it."""

    picture: UInt8[np.ndarray, "H W 3"]
    labels: UInt8[np.ndarray, "H W"]
    points: Float[np.ndarray, "33 2"]
    roi: Roi


@dataclass(frozen=True)
class Sample:
    """One square, ready for the network: `picture` and `taps` are its inputs."""

    picture: Float32[np.ndarray, "11 256 192"]
    taps: tuple[Float32[np.ndarray, "_ _ _"], ...]
    labels: Int64[np.ndarray, "256 192"]


def example_of(
    item: LabelledPhoto, names: tuple[str, ...], detect: Detector, pose: PoseNetwork
) -> Example | None:
    """Read a photo at half its size; None where no person is found in it."""
    picture, truth = read_photo(item), read_labels(item)
    half = picture.shape[1] // 2, picture.shape[0] // 2
    picture = cv2.resize(picture, half, interpolation=cv2.INTER_AREA)
    truth = cv2.resize(truth, half, interpolation=cv2.INTER_NEAREST)
    height, width = picture.shape[:2]
    found = detect(picture, Roi(width / 2, height / 2, float(max(height, width)), 0.0))
    if not found:
        return None
    centre, rim = found[0].points[:2]
    seen = pose(picture, roi_of_circle(centre, rim))
    points = seen.landmarks[:, :2]
    return Example(picture, learnt_classes(truth, names, points), points, seen.roi)


def sample_of(example: Example, pose: PoseNetwork, random: np.random.Generator) -> Sample:
    """Cut a varied square, vary its colours, mirror every other one, and look at it."""
    usual = example.roi
    zoom = float(np.exp(random.uniform(-ZOOM, ZOOM)))
    shift = random.uniform(-SHIFT, SHIFT, 2) * usual.size
    roi = replace(
        usual,
        x=usual.x + float(shift[0]),
        y=usual.y + float(shift[1]),
        size=usual.size / zoom,
        angle=usual.angle + float(random.uniform(-TURN, TURN)),
    )
    to_crop = roi.to_crop(POSE_SIDE)
    picture = roi.cut(example.picture, POSE_SIDE)
    labels = cv2.warpAffine(
        example.labels, to_crop, (POSE_SIDE, POSE_SIDE), flags=cv2.INTER_NEAREST
    )
    points = example.points @ to_crop[:, :2].T + to_crop[:, 2]
    if random.random() < 0.5:
        table = np.array([*MIRRORED_CLASSES, *range(len(MIRRORED_CLASSES), 256)], np.uint8)
        picture, labels = picture[:, ::-1], table[labels[:, ::-1]]
        points = points[list(SWAPPED)] * [-1, 1] + [POSE_SIDE - 1, 0]
    picture = _recoloured(picture, random)
    points = points + random.normal(0, JITTER, points.shape)
    whole = Roi(POSE_SIDE / 2, POSE_SIDE / 2, float(POSE_SIDE), 0.0)
    taps = pose(picture, whole).taps
    rgb = picture.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1
    channels = np.concatenate([rgb, limb_maps(points, POSE_SIDE, zoom)])
    return Sample(
        channels[:, :, COLUMNS],
        tuple(_columns(tap[0]) for tap in taps),
        labels[:, COLUMNS].astype(np.int64),
    )


def _columns(tap: Float32[np.ndarray, "c h w"]) -> Float32[np.ndarray, "c h v"]:
    stride = POSE_SIDE // tap.shape[2]
    return tap[:, :, COLUMNS.start // stride : COLUMNS.stop // stride]


def _recoloured(
    picture: UInt8[np.ndarray, "H W 3"], random: np.random.Generator
) -> UInt8[np.ndarray, "H W 3"]:
    """Other light, contrast, white balance and saturation."""
    colour = picture.astype(np.float32) / 255
    colour = colour * random.uniform(0.75, 1.25) + random.uniform(-0.08, 0.08)
    mean = colour.mean()
    colour = (colour - mean) * random.uniform(0.8, 1.2) + mean
    colour = colour * random.uniform(0.92, 1.08, 3)
    grey = colour.mean(2, keepdims=True)
    colour = grey + (colour - grey) * random.uniform(0.6, 1.3)
    return np.ascontiguousarray(np.clip(colour * 255 + 0.5, 0, 255).astype(np.uint8))
