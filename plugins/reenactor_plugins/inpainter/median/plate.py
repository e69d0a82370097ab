"""Clean plates: the place without its dancer, composed from frames of the video."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor_plugins.inpainter.filling.diffusion import fill_by_diffusion
from reenactor_plugins.inpainter.median.alignment import bent, warped
from reenactor_plugins.inpainter.median.camera import Matrix
from reenactor_plugins.inpainter.median.exemplar import fill_by_example
from reenactor_plugins.inpainter.median.membrane import compare, lay
from reenactor_plugins.inpainter.median.similarity import gain, thumbnail
from reenactor_plugins.inpainter.median.visible_median import visible_median

Picture = UInt8[np.ndarray, "H W 3"]
Hidden = Bool[np.ndarray, "H W"]


ROUGH = 8
"""Steps in pixels at which it is checked what a sample adds."""

WORTH = 0.002
"""Smallest share of a plate for which a sample is used."""

LITTLE = 0.03
"""Share of a plate that is made up by diffusion, if another plate could give the rest."""

LIKENESS = 0.3
"""A sample that agrees with less of the surroundings of the gaps is not used."""


@dataclass(frozen=True)
class Sample:
    """A frame and its hole; `place` maps pixels of the plate's anchor to the frame's."""

    picture: Picture
    hole: Hidden
    place: Matrix | None


@dataclass(frozen=True, eq=False)
class Plate:
    """A place without people, from the camera of its anchor.

    `seen` is what was visible at some time; the rest is made up. `corner` maps the plate's pixels to
    the anchor's: a plate may be larger than a frame.
    """

    picture: Picture
    seen: Hidden
    corner: Matrix


def median_plate(samples: Sequence[Sample], size: tuple[int, int], corner: Matrix) -> Plate:
    """The median of all samples, each lit like the first one.

    Args:
        samples: of one place; the first is the anchor.
        size: height and width of the plate.
        corner: from the plate to the anchor.
    """
    pictures: list[Picture] = []
    hidden: list[Hidden] = []
    first = thumbnail(samples[0].picture, samples[0].hole)
    for sample in samples:
        lit = _lit(sample.picture, gain(thumbnail(sample.picture, sample.hole), first))
        if sample.place is not None:
            lit, hole = seen_from(lit, sample.hole, sample.place @ corner, size)
            if pictures:
                both = ~hole & ~hidden[0]
                lit = warped(lit, bent(lit, pictures[0], both))
        else:
            hole = sample.hole
        pictures.append(lit)
        hidden.append(hole)
    return Plate(*visible_median(pictures, hidden), corner)


def nearest_plate(samples: Sequence[Sample], size: tuple[int, int], corner: Matrix) -> Plate:
    """The first sample, its gaps filled from the next ones, each bent to fit what is there.

    For a camera that walks: what is farther in time fits worse.
    """
    picture, missing = seen_from(samples[0].picture, samples[0].hole, corner, size)
    picture, height = picture.copy(), size[0]
    rough = np.diag([ROUGH, ROUGH, 1.0])
    for sample in samples[1:]:
        if not missing.any():
            break
        assert sample.place is not None
        place = sample.place @ corner
        small = -(-height // ROUGH), -(-size[1] // ROUGH)
        shown = ~seen_from(sample.picture, sample.hole, place @ rough, small)[1]
        if (missing[::ROUGH, ::ROUGH] & shown).sum() < WORTH * small[0] * small[1]:
            continue
        laid, hole = seen_from(sample.picture, sample.hole, place, size)
        fresh, both = missing & ~hole, ~missing & ~hole
        laid = warped(laid, bent(laid, picture, both))
        seam = compare(picture, laid, missing, both)
        if seam.alike < LIKENESS:
            continue
        lay(picture, laid, fresh, seam.lighting)
        missing &= ~fresh
    return Plate(picture, ~missing, corner)


def completed(plate: Plate, seed: int, before: tuple[Plate, Matrix] | None = None) -> Plate:
    """Fill what was never seen: from the plate before (whose anchor `Matrix` maps to this one's),
    so that it is made up once, and the rest with patches of this plate."""
    missing = ~plate.seen
    if not missing.any():
        return plate
    picture = plate.picture
    if before is not None:
        old, link = before
        back = np.linalg.inv(old.corner) @ np.linalg.inv(link) @ plate.corner
        laid, hole = seen_from(old.picture, np.zeros_like(old.seen), back, missing.shape)
        fresh = missing & ~hole
        if fresh.any():
            picture = picture.copy()
            laid = warped(laid, bent(laid, picture, plate.seen & ~hole))
            lay(picture, laid, fresh, compare(picture, laid, missing, plate.seen).lighting)
            missing = missing & hole
        if missing.mean() < LITTLE:
            return Plate(fill_by_diffusion(picture, missing), plate.seen, plate.corner)
    return Plate(made_up(picture, missing, seed), plate.seen, plate.corner)


def made_up(picture: Picture, missing: Hidden, seed: int) -> Picture:
    """Fill a hole with patches of the rest."""
    if not missing.any() or missing.all():
        return picture
    filled = fill_by_example(picture, missing, seed=seed)
    return fill_by_diffusion(picture, missing) if filled is None else filled


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
        hidden.view(np.uint8) * 255, matrix, target, flags=flags,
        borderMode=cv2.BORDER_CONSTANT, borderValue=(255.0,),
    )  # fmt: skip
    return np.asarray(moved), np.asarray(hole > 2)


def _lit(picture: Picture, factor: np.ndarray) -> Picture:
    """Apply a lighting factor, unless it is within noise."""
    if np.abs(factor - 1).max() < 0.004:
        return picture
    table = np.arange(256)[:, None] * factor + 0.5
    return np.asarray(cv2.LUT(picture, table.clip(0, 255).astype(np.uint8)[:, None]))
