"""Completes strips where the photo hides them: cloth by its pattern, skin in the person's own."""

from dataclasses import dataclass

import cv2
import numpy as np

from reenactor.labels import Label

_MIRRORED = 0.3
"""Maximum share of a limb over which visible rows are mirrored into hidden ones."""


@dataclass(frozen=True)
class Stuff:
    """What a limb is made of where the photo hides it.

    `bare` is the distance from the first joint, in pixels, from which it is skin. `thumb` is the
    side of a hand's thumb: 1 for positive v, -1 for negative v; 0 if the limb has no hand.
    """

    cloth: np.ndarray
    skin: np.ndarray
    label: Label | None = None
    bare: float = np.inf
    thumb: int = 0


@dataclass(frozen=True)
class StripPixels:
    """A strip's colours, how far they are known, and classes; they are changed in place."""

    colour: np.ndarray
    known: np.ndarray
    labels: np.ndarray

    def __getitem__(self, rows: slice) -> "StripPixels":
        return StripPixels(self.colour[rows], self.known[rows], self.labels[rows])

    def copy(self, row: np.ndarray, where: np.ndarray) -> None:
        """Copy pixels from the given row of each row."""
        self.colour[:] = np.where(where[..., None], self.colour[row], self.colour)
        self.labels[:] = np.where(where, self.labels[row], self.labels)
        self.known[:] = np.where(where, self.known[row] * 0.9, self.known)


def mend_cloth(pixels: StripPixels, u: np.ndarray, end: float, cloth: np.ndarray) -> None:
    """Fill unknown rows by mirroring known ones, and the rest with their average.

    Extending only the last visible row would smear a hem's shadow up a hidden thigh.
    """
    if not (pixels.known > 0.5).any():
        pixels.colour[:], pixels.known[:] = cloth, 1
        return
    rows = np.arange(len(u))
    lacking = ((u < 0) | (u > end))[:, None] & (pixels.known < 0.5)
    last = min(int(np.searchsorted(u, end)), len(u) - 1)
    pixels.copy(_mirror(rows, int(np.searchsorted(u, 0)), last), lacking)
    blank = pixels.known.max(1) < 0.5
    if blank.all() or not blank.any():
        return
    seen = rows[~blank]
    row = _mirror(rows, int(seen[0]), int(seen[-1]))
    near = blank & (np.abs(rows - row) < 2 * _MIRRORED * len(u)) & ~blank[row]
    pixels.copy(row, near[:, None] & np.ones_like(lacking))
    good = pixels.known[seen] > 0.5
    columns = good.any(0)
    values = np.where(good[..., None], pixels.colour[seen], np.nan)
    average = np.zeros(pixels.colour.shape[1:], np.float32)
    average[columns] = np.nanmedian(values[:, columns], 0)
    fill = (blank & ~near)[:, None] & columns
    pixels.colour[:] = np.where(fill[..., None], average, pixels.colour)
    pixels.known[fill] = 1


def mend_skin(pixels: StripPixels, shade: np.ndarray, stuff: Stuff, blend: int) -> None:
    """Make skin where none is visible, except for the rows next to visible skin, which blend."""
    solid = pixels.known > 0.5
    if not len(solid):
        return
    blank = np.asarray(~solid.any(1))
    skin = np.median(pixels.colour[solid], axis=0) if blank.mean() < 0.5 else stuff.skin
    column = cv2.erode(blank.astype(np.uint8).reshape(-1, 1), np.ones((2 * blend + 1, 1)))
    made = np.asarray(column).reshape(-1) > 0
    pixels.colour[made] = skin * shade[made][..., None]
    pixels.known[made] = 1
    if stuff.label is not None:
        pixels.labels[blank] = stuff.label


def _mirror(rows: np.ndarray, first: int, last: int) -> np.ndarray:
    """Row numbers outside `first` .. `last` mirrored into it."""
    mirrored = np.where(
        rows < first, 2 * first - rows, np.where(rows > last, 2 * last - rows, rows)
    )
    return np.clip(mirrored, 0, len(rows) - 1)
