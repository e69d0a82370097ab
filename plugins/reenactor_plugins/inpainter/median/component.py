"""The inpainter `median`: fills each frame's hole from a clean plate of the background."""

from dataclasses import dataclass, replace
from typing import final

import cv2
import numpy as np
import torch
from jaxtyping import Bool, UInt8
from torch import Tensor

from reenactor.ops.silhouette import disc
from reenactor.roles import Inpainter
from reenactor.values import Frames
from reenactor_plugins.inpainter.filling.diffusion import fill_by_diffusion
from reenactor_plugins.inpainter.median.camera import camera_view, movement
from reenactor_plugins.inpainter.median.exemplar import fill_by_example
from reenactor_plugins.inpainter.median.membrane import Seam, compare, lay, surroundings
from reenactor_plugins.inpainter.median.options import MedianOptions
from reenactor_plugins.inpainter.median.plate import Hidden, Picture, Plate, plates, seen_from
from reenactor_plugins.inpainter.median.similarity import glance, still

FITS = 0.7
"""A plate is used for a frame if this share of the ring around the hole agrees."""


@dataclass(frozen=True)
class FilledPhoto:
    """A photo and the same photo with its hole filled."""

    picture: Picture
    hole: Hidden
    filled: Picture


@dataclass(frozen=True)
class BackgroundModel:
    """The background of a source: the plates of a video, or a filled photo."""

    plates: tuple[Plate, ...]
    still: FilledPhoto | None = None


@final
class MedianInpainter(Inpainter[MedianOptions, BackgroundModel]):
    """Fills a video's holes from other frames, and a photo's from their surroundings."""

    def prepare(self, samples: Frames, holes: Bool[Tensor, "T H W"]) -> BackgroundModel:
        if len(samples) == 1:
            picture, hole = samples.pixels[0].numpy(), holes[0].numpy()
            return BackgroundModel((), FilledPhoto(picture, hole, self._made_up(picture, hole)))
        chosen = np.unique(np.linspace(0, len(samples) - 1, self.options.samples).round())
        chosen = chosen.astype(int)
        pictures, hidden = samples.pixels.numpy(), holes.numpy()
        if len(chosen) < len(samples):
            pictures, hidden = pictures[chosen], hidden[chosen]
        brush = disc(round(self.options.margin * hidden.shape[1]))
        hidden = np.stack([cv2.dilate(hole.view(np.uint8), brush) > 0 for hole in hidden])
        found = plates(pictures, hidden, self.runtime.seed)
        if not self.options.moving:
            found = tuple(plate for plate in found if plate.view is None)
        return BackgroundModel(found)

    def inpaint(
        self, prepared: BackgroundModel, frames: Frames, holes: Bool[Tensor, "T H W"]
    ) -> Frames:
        filled: UInt8[Tensor, "T H W 3"] = frames.pixels.clone()
        pictures = filled.numpy()
        for picture, hole in zip(pictures, holes.numpy(), strict=True):
            self._fill(prepared, picture, np.ascontiguousarray(hole))
        return replace(frames, pixels=torch.from_numpy(pictures))

    def _fill(self, background: BackgroundModel, picture: Picture, hole: Hidden) -> None:
        """Fill one picture in place."""
        box = surroundings(hole)
        if box is None:
            return
        if background.still is not None:
            known = background.still
            same = np.array_equal(known.hole, hole) and np.array_equal(known.picture, picture)
            picture[:] = known.filled if same else self._made_up(picture, hole)
            return
        part, gap = picture[box], hole[box]
        seams: list[tuple[Seam, Picture]] = []
        for plate in background.plates:
            behind = _behind(plate, picture, hole, box)
            if behind is not None:
                seams.append((compare(part, behind[0], gap, behind[1]), behind[0]))
                if seams[-1][0].alike >= FITS:
                    break
        seam, best = max(seams, key=lambda pair: pair[0].alike, default=(None, picture))
        if seam is None or seam.alike < FITS:
            picture[:] = fill_by_diffusion(picture, hole)
        else:
            lay(part, best, gap, seam.lighting)

    def _made_up(self, picture: Picture, hole: Hidden) -> Picture:
        filled = fill_by_example(picture, hole, seed=self.runtime.seed)
        return fill_by_diffusion(picture, hole) if filled is None else filled


def _behind(
    plate: Plate, picture: Picture, hole: Hidden, box: tuple[slice, slice]
) -> tuple[UInt8[np.ndarray, "h w 3"], Bool[np.ndarray, "h w"]] | None:
    """A part of the plate from this frame's camera, and a mask of where it was really seen."""
    if plate.view is None:
        now, known = glance(picture, hole), glance(plate.picture, ~plate.seen)
        if plate.seen.shape != hole.shape or not still(known, now):
            return None
        return plate.picture[box], plate.seen[box]
    place = movement(plate.view, camera_view(picture, hole, plate.view.scale), plate.place)
    if place is None:
        return None
    rows, columns = box
    corner = np.array([[1, 0, columns.start], [0, 1, rows.start], [0, 0, 1.0]])
    size = rows.stop - rows.start, columns.stop - columns.start
    behind, hidden = seen_from(plate.picture, ~plate.seen, np.linalg.inv(place) @ corner, size)
    return behind, ~hidden
