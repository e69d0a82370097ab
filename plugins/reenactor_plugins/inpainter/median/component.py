"""The inpainter `median`: fills each frame's hole from a clean plate of the background."""

from dataclasses import dataclass, replace
from typing import final

import cv2
import numpy as np
import torch
from jaxtyping import Bool, UInt8
from torch import Tensor

from reenactor.roles import Footage, Inpainter
from reenactor.values import Frames
from reenactor_plugins.inpainter.filling.diffusion import fill_by_diffusion
from reenactor_plugins.inpainter.median.alignment import bent, warped
from reenactor_plugins.inpainter.median.background import Background, Sight, background_of
from reenactor_plugins.inpainter.median.growth import grown
from reenactor_plugins.inpainter.median.membrane import compare, lay, surroundings
from reenactor_plugins.inpainter.median.options import MedianOptions
from reenactor_plugins.inpainter.median.plate import Hidden, Picture, made_up, seen_from

FITS = 0.35
"""A plate of another place agrees with less of the ring around the hole."""


@dataclass(frozen=True)
class FilledPhoto:
    """A photo and the same photo with its hole filled."""

    picture: Picture
    hole: Hidden
    filled: Picture


@dataclass(frozen=True)
class _Behind:
    """What is behind a hole: a part of the frame, from its plates."""

    box: tuple[slice, slice]
    picture: Picture
    seen: Hidden
    calm: Hidden


@final
class MedianInpainter(Inpainter[MedianOptions, Background | FilledPhoto]):
    """Fills a video's holes from other frames, and a photo's from their surroundings."""

    def prepare(self, footage: Footage) -> Background | FilledPhoto:
        if footage.shots == (slice(0, 1),):
            ((frames, holes),) = footage.read([0])
            picture, hole = frames.pixels[0].numpy(), holes[0].numpy()
            return FilledPhoto(picture, hole, made_up(picture, hole, self.runtime.seed))
        return background_of(footage, self.options, self.runtime.seed)

    def grown(
        self, prepared: Background | FilledPhoto, frames: Frames, holes: Bool[Tensor, "T H W"]
    ) -> Bool[Tensor, "T H W"]:
        if isinstance(prepared, FilledPhoto) or self.options.reach == 0:
            return holes
        found = []
        for index, picture, hole in zip(
            frames.index, frames.pixels.numpy(), holes.numpy(), strict=True
        ):
            box = surroundings(hole, self.options.reach + 0.1)
            behind = None if box is None else _behind(prepared, index, picture, hole, box)
            larger = hole
            if behind is not None:
                larger = hole.copy()
                larger[behind.box] = grown(
                    picture[behind.box],
                    behind.picture,
                    hole[behind.box],
                    behind.calm,
                    self.options.reach,
                    shadow=self.options.shadow == "remove",
                )
            found.append(torch.from_numpy(larger))
        return torch.stack(found) if found else holes

    def inpaint(
        self, prepared: Background | FilledPhoto, frames: Frames, holes: Bool[Tensor, "T H W"]
    ) -> Frames:
        filled: UInt8[Tensor, "T H W 3"] = frames.pixels.clone()
        pictures = filled.numpy()
        for index, picture, hole in zip(frames.index, pictures, holes.numpy(), strict=True):
            self._fill(prepared, index, picture, np.ascontiguousarray(hole))
        return replace(frames, pixels=torch.from_numpy(pictures))

    def _fill(
        self, prepared: Background | FilledPhoto, index: int, picture: Picture, hole: Hidden
    ) -> None:
        """Fill one picture in place."""
        if isinstance(prepared, FilledPhoto):
            same = np.array_equal(prepared.hole, hole) and np.array_equal(prepared.picture, picture)
            picture[:] = prepared.filled if same else made_up(picture, hole, self.runtime.seed)
            return
        box = surroundings(hole)
        if box is None:
            return
        behind = _behind(prepared, index, picture, hole, box)
        if behind is not None:
            gap = hole[behind.box]
            seam = compare(picture[behind.box], behind.picture, gap, behind.seen)
            if seam.alike >= FITS:
                lay(picture[behind.box], behind.picture, gap, seam.lighting)
                return
        picture[:] = fill_by_diffusion(picture, hole)


def _behind(
    background: Background, index: int, picture: Picture, hole: Hidden, box: tuple[slice, slice]
) -> _Behind | None:
    """The plates of a frame, from its camera."""
    sights = background.sights.get(index, ())
    seen = [_seen(background, sight, picture, hole, box) for sight in sights]
    found = [one for one in seen if one is not None]
    if not found or len(found) < len(sights):
        return None
    if len(found) == 1:
        return found[0]
    one, two = found
    both = cv2.addWeighted(one.picture, sights[0].share, two.picture, sights[1].share, 0)
    return _Behind(box, both, one.seen & two.seen, one.calm & two.calm)


def _seen(
    background: Background, sight: Sight, picture: Picture, hole: Hidden, box: tuple[slice, slice]
) -> _Behind | None:
    plate = background.plates[sight.plate]
    if sight.matrix is None:
        if plate.seen.shape != hole.shape:
            return None
        return _Behind(box, plate.picture[box], plate.seen[box], plate.calm[box])
    rows, columns = box
    corner = np.array([[1, 0, columns.start], [0, 1, rows.start], [0, 0, 1.0]])
    size = rows.stop - rows.start, columns.stop - columns.start
    matrix = sight.matrix @ corner
    moved, hidden = seen_from(plate.picture, ~plate.seen, matrix, size)
    calm = cv2.warpPerspective(
        plate.calm.view(np.uint8),
        matrix,
        size[::-1],
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
    )
    moved = warped(moved, bent(moved, picture[box], ~hidden & ~hole[box]))
    return _Behind(box, moved, ~hidden, calm > 0)
