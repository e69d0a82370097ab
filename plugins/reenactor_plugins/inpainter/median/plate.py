"""Clean plates: the place without its dancer, composed from frames of the video."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Bool, UInt8

from reenactor.ops.silhouette import disc
from reenactor_plugins.inpainter.filling.diffusion import fill_by_diffusion
from reenactor_plugins.inpainter.median.alignment import bent, warped
from reenactor_plugins.inpainter.median.camera import Matrix
from reenactor_plugins.inpainter.median.exemplar import fill_by_example
from reenactor_plugins.inpainter.median.growth import grown
from reenactor_plugins.inpainter.median.membrane import compare, lay
from reenactor_plugins.inpainter.median.similarity import gain, thumbnail
from reenactor_plugins.inpainter.median.visible_median import visible_median

Picture = UInt8[np.ndarray, "H W 3"]
Hidden = Bool[np.ndarray, "H W"]


ROUGH = 8
"""Steps in pixels at which it is checked what a sample adds."""

WORTH = 0.002
"""Smallest share of a plate for which a sample is used."""

CLOSE = 0.18
"""What is closer to a hole, in heights of the hole, may be the person."""

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
    light = None
    for sample in samples:
        picture, hole = sample.picture, sample.hole
        if sample.place is not None:
            picture, hole = seen_from(picture, hole, sample.place @ corner, size)
        now = thumbnail(picture, hole)
        light = light or now
        picture = _lit(picture, gain(now, light))
        if sample.place is not None and pictures:
            picture = warped(picture, bent(picture, pictures[0], ~hole & ~hidden[0]))
        pictures.append(picture)
        hidden.append(hole)
    return Plate(*visible_median(pictures, hidden), corner)


def nearest_plate(
    samples: Sequence[Sample], size: tuple[int, int], corner: Matrix, reach: float
) -> Plate:
    """The first sample, its gaps filled from the next ones, each bent to fit what is there.

    For a camera that walks: what is farther in time fits worse. What is close to a hole may still
    be the person: it is used where other frames agree, and last.

    Args:
        samples: the nearest first.
        size: height and width of the plate.
        corner: from the plate to the first sample.
        reach: as in `grown`.
    """
    first, unseen = seen_from(samples[0].picture, samples[0].hole, corner, size)
    missing = seen_from(samples[0].picture, _wide(samples[0].hole), corner, size)[1]
    outside = seen_from(samples[0].picture, np.zeros_like(samples[0].hole), corner, size)[1]
    hole, close = unseen & ~outside, missing & ~unseen
    picture = first.copy()
    for wide in (True, False):
        for sample in samples[1:] if wide else samples:
            if not missing.any():
                break
            out = _wide(sample.hole) if wide else sample.hole
            _add(picture, missing, replace(sample, hole=out), corner)
        if wide and hole.any() and close.any():
            person = grown(first, picture, hole, ~missing & ~outside, reach, shadow=True)
            close &= ~person
            picture[close] = first[close]
            missing &= ~close
    return Plate(picture, ~missing, corner)


def _add(picture: Picture, missing: Hidden, sample: Sample, corner: Matrix) -> None:
    """Fill, in place, what is missing and seen in a sample, if that is worth it."""
    assert sample.place is not None
    size = missing.shape[0], missing.shape[1]
    place = sample.place @ corner
    small = -(-size[0] // ROUGH), -(-size[1] // ROUGH)
    rough = place @ np.diag([ROUGH, ROUGH, 1.0])
    shown = ~seen_from(sample.picture, sample.hole, rough, small)[1]
    if (missing[::ROUGH, ::ROUGH] & shown).sum() < WORTH * small[0] * small[1]:
        return
    laid, hole = seen_from(sample.picture, sample.hole, place, size)
    both = ~missing & ~hole
    laid = warped(laid, bent(laid, picture, both))
    seam = compare(picture, laid, missing, both)
    if seam.alike < LIKENESS:
        return
    lay(picture, laid, missing & ~hole, seam.lighting)
    missing &= hole


def _wide(hole: Hidden) -> Hidden:
    """The hole and what is close to it."""
    rows = np.flatnonzero(hole.any(1))
    if not rows.size:
        return hole
    small = np.ascontiguousarray(hole[::ROUGH, ::ROUGH]).view(np.uint8)
    radius = max(1, round(CLOSE * (rows[-1] - rows[0]) / ROUGH))
    wide = cv2.dilate(small, disc(radius))
    return np.asarray(
        hole | (cv2.resize(wide, hole.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)
    )


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
