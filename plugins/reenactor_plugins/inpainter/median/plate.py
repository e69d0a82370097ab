"""Clean plates: the scene without its dancer, composed from samples of the video."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor_plugins.inpainter.filling.diffusion import fill_by_diffusion
from reenactor_plugins.inpainter.median.camera import (
    CameraView,
    Matrix,
    camera_view,
    movement,
    scale_for,
)
from reenactor_plugins.inpainter.median.exemplar import fill_by_example
from reenactor_plugins.inpainter.median.similarity import (
    ALIKE,
    Thumbnail,
    alike,
    gain,
    still,
    thumbnail,
)
from reenactor_plugins.inpainter.median.visible_median import visible_median

Picture = UInt8[np.ndarray, "H W 3"]
Hidden = Bool[np.ndarray, "H W"]

ROOM = 0.5
"""Maximum extent of a moving camera's plate beyond each edge, as a share of the picture."""


@dataclass(frozen=True)
class Plate:
    """A scene without people, from the camera of its first sample.

    `seen` is the mask of pixels that were visible at some time; the rest is inpainted. If the
    camera moves, the plate is larger than a picture: `place` maps its pixels to those of the first
    sample, and `view` is used to register other frames. `view` is None for a static camera.
    """

    picture: Picture
    seen: Hidden
    place: Matrix
    view: CameraView | None


@dataclass
class _Scene:
    """The samples of one scene and the camera's motion from the first to each."""

    members: list[int]
    places: list[Matrix]

    @property
    def still(self) -> bool:
        return all(np.array_equal(place, np.eye(3)) for place in self.places)


@dataclass(frozen=True)
class _Samples:
    """Samples of the video, prepared for comparison."""

    pictures: UInt8[np.ndarray, "T H W 3"]
    holes: Bool[np.ndarray, "T H W"]
    thumbnails: list[Thumbnail]
    views: list[CameraView]


def plates(
    pictures: UInt8[np.ndarray, "T H W 3"], holes: Bool[np.ndarray, "T H W"], seed: int
) -> tuple[Plate, ...]:
    """One plate per scene with at least two samples; static and large ones first.

    A shot from a tripod gives one plate, cuts give several, and a camera that moves through the
    scene gives none.
    """
    pairs = list(zip(pictures, holes, strict=True))
    scale = scale_for(holes.shape[1:])
    samples = _Samples(
        pictures,
        holes,
        [thumbnail(picture, hole) for picture, hole in pairs],
        [camera_view(picture, hole, scale) for picture, hole in pairs],
    )
    scenes = [scene for scene in _scenes(samples) if len(scene.members) > 1]
    scenes.sort(key=lambda scene: (not scene.still, -len(scene.members)))
    return tuple(_plate(samples, scene, seed) for scene in scenes)


def _scenes(samples: _Samples) -> list[_Scene]:
    scenes: list[_Scene] = []
    for sample in range(len(samples.views)):
        for scene in reversed(scenes):
            place = _place(samples, sample, scene)
            if place is not None:
                scene.members.append(sample)
                scene.places.append(place)
                break
        else:
            scenes.append(_Scene([sample], [np.eye(3)]))
    return scenes


def _place(samples: _Samples, sample: int, scene: _Scene) -> Matrix | None:
    """The motion from the scene's first sample to this one, directly or via the last one."""
    for at in (0, -1):
        other = scene.members[at]
        share = alike(samples.thumbnails[other], samples.thumbnails[sample])
        guess = np.eye(3) if share >= ALIKE else None
        step = movement(samples.views[other], samples.views[sample], guess)
        if step is None and still(samples.thumbnails[other], samples.thumbnails[sample]):
            step = guess  # nothing to track and no difference: a plain wall
        if step is not None:
            return np.asarray(step @ scene.places[at])
    return None


def _plate(samples: _Samples, scene: _Scene, seed: int) -> Plate:
    first = scene.members[0]
    place, size = _canvas(scene, samples.holes.shape[1:])
    pictures: list[Picture] = []
    hidden: list[Hidden] = []
    for sample, moved in zip(scene.members, scene.places, strict=True):
        lit = _lit(
            samples.pictures[sample], gain(samples.thumbnails[sample], samples.thumbnails[first])
        )
        hole = samples.holes[sample]
        if not scene.still:
            lit, hole = seen_from(lit, hole, moved @ place, size)
        pictures.append(lit)
        hidden.append(hole)
    picture, seen = visible_median(pictures, hidden)
    del pictures, hidden, lit  # large; inpainting needs the memory
    known = None if scene.still else camera_view(picture, ~seen, samples.views[first].scale)
    return Plate(_completed(picture, ~seen, seed), seen, place, known)


def _canvas(scene: _Scene, size: tuple[int, int]) -> tuple[Matrix, tuple[int, int]]:
    """The map from a plate of the whole scene to its first sample, and the plate's size."""
    height, width = size
    corners = np.array([[[0, 0]], [[width, 0]], [[0, height]], [[width, height]]], np.float32)
    reach = np.concatenate(
        [cv2.perspectiveTransform(corners, np.linalg.inv(place)) for place in scene.places]
    )[:, 0]
    room = ROOM * np.array([width, height])
    low = np.floor(np.maximum(reach.min(0), -room)).astype(int)
    high = np.ceil(np.minimum(reach.max(0), np.array([width, height]) + room)).astype(int)
    place = np.array([[1, 0, low[0]], [0, 1, low[1]], [0, 0, 1.0]])
    return place, (int(high[1] - low[1]), int(high[0] - low[0]))


def seen_from(
    picture: Picture, hidden: Hidden, matrix: Matrix, size: tuple[int, int]
) -> tuple[UInt8[np.ndarray, "h w 3"], Bool[np.ndarray, "h w"]]:
    """Warp picture and holes; `matrix` maps new pixels to old ones.

    Pixels outside the picture are hidden.
    """
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    target = size[::-1]
    moved = cv2.warpPerspective(picture, matrix, target, flags=flags)
    hole = cv2.warpPerspective(
        hidden.astype(np.float32), matrix, target, flags=flags,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(1.0,),
    )  # fmt: skip
    return np.asarray(moved), np.asarray(hole > 0.01)


def _lit(picture: Picture, factor: np.ndarray) -> Picture:
    """Apply a lighting factor, unless it is within noise."""
    if np.abs(factor - 1).max() < 0.004:
        return picture
    table = np.arange(256)[:, None] * factor + 0.5
    return np.asarray(cv2.LUT(picture, table.clip(0, 255).astype(np.uint8)[:, None]))


def _completed(picture: Picture, missing: Hidden, seed: int) -> Picture:
    """Inpaint pixels that were never visible."""
    if not missing.any() or missing.all():
        return picture
    filled = fill_by_example(picture, missing, seed=seed)
    return fill_by_diffusion(picture, missing) if filled is None else filled
