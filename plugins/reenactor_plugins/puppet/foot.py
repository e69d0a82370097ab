"""Feet: small upright columns that turn with the toes."""

from dataclasses import dataclass

import numpy as np

from reenactor_plugins.puppet.column import (
    Column,
    ColumnPose,
    cut_column,
    seen_width,
    view,
)
from reenactor_plugins.puppet.joints import ANKLE, HEEL, KNEE, TOE, PuppetJoints
from reenactor_plugins.puppet.photo import TargetPhoto, sampled
from reenactor_plugins.puppet.sprite import Sprite, Texture, complete_texture

_TIP = 0.55
"""Width of a sole's lowest row relative to the widest one."""
_CORNER = 0.025
"""Radius of a sole's corners in metres."""
LENGTH, WIDTH = 0.125, 0.05
"""Half a shoe's length and width in metres."""


@dataclass(frozen=True)
class Foot:
    """A foot from the photo, `turn` radians from facing the camera.

    `share` is the visible share of the line from the ankle to the sole.
    """

    column: Column
    texture: Texture
    turn: float
    share: float

    def mirrored(self) -> "Foot":
        """Mirror it to the other foot."""
        flipped = Texture(
            np.ascontiguousarray(self.texture.colour[:, ::-1]),
            np.ascontiguousarray(self.texture.labels[:, ::-1]),
        )
        own = self.column
        return Foot(
            Column(own.start, own.fine, own.half, -own.middle), flipped, -self.turn, self.share
        )


def cut_foot(
    photo: TargetPhoto, leg: np.ndarray, labels: np.ndarray, figure: PuppetJoints, side: str,
    turn: float, edge: float,
) -> Foot | None:  # fmt: skip
    """Cut out the foot below the ankle; None if too little is visible."""
    unit = figure.unit
    ankle = figure[ANKLE[side]]
    y, x = np.mgrid[: leg.shape[0], : leg.shape[1]]
    below = (y > ankle[1] - 0.07 * unit) & (y < ankle[1] + 0.22 * unit)
    own = _flat(leg & below & (np.abs(x - ankle[0]) < 0.28 * unit))
    if (own & (y > ankle[1])).sum() < max(1.0, 0.001 * unit**2):
        return None
    near = (own & (np.abs(x - ankle[0]) < 0.07 * unit)).any(1)
    share = float(near[max(int(ankle[1]), 0) : int(np.flatnonzero(own.any(1))[-1]) + 1].mean())
    whole = own | _hidden_ankle(own, ankle, unit, x, y)
    cutting = cut_column(photo, whole, ankle, 0.0, edge, -0.06 * unit)
    seen = sampled((whole & ~own).astype(np.float32), cutting.x, cutting.y)
    shape = np.minimum(cutting.shape, np.maximum(photo.alpha_at(cutting.x, cutting.y), seen))
    rows = cutting.column.rows[:, None]
    shape = shape * np.clip((rows + 0.03 * unit) / (0.03 * unit), 0, 1)
    shape = shape * _rounded(cutting.column, shape.shape[1], _CORNER * unit)
    classes = sampled(labels, cutting.x, cutting.y, nearest=True)
    colour = photo.colours_at(cutting.x, cutting.y)
    known = cutting.own * (seen < 0.1)
    return Foot(cutting.column, complete_texture(colour, known, shape, classes), turn, share)


def _flat(own: np.ndarray) -> np.ndarray:
    """Cut off the tip of a toe that points down, on which nobody stands."""
    span = own.shape[1] - own.argmax(1) - own[:, ::-1].argmax(1)
    span[~own.any(1)] = 0
    standing = np.flatnonzero(span >= _TIP * span.max())
    flat: np.ndarray = own & (np.arange(len(own)) <= standing[-1])[:, None]
    return flat


def _rounded(column: Column, columns: int, radius: float) -> np.ndarray:
    """1 except beyond the sole's rounded corners."""
    half = column.half[:, None]
    low = np.clip(1 - (column.end - column.rows[:, None]) / radius, 0, 1)
    inset = radius * (1 - np.sqrt(1 - low**2))
    across = np.abs(np.linspace(-1, 1, columns))[None] * half
    return np.asarray(np.clip(half - inset - across + 0.5, 0, 1))


def _hidden_ankle(
    own: np.ndarray, ankle: np.ndarray, unit: float, x: np.ndarray, y: np.ndarray
) -> np.ndarray:
    """Fill what a long hem hides between ankle and shoe."""
    first = int(np.flatnonzero(own.any(1))[0])
    above = (y <= first + 2) & (y > ankle[1] - 0.05 * unit)
    hidden: np.ndarray = above & (np.abs(x - ankle[0]) < 0.045 * unit) & ~own
    return hidden if first > ankle[1] else hidden & False


def place_foot(
    foot: Foot, figure: PuppetJoints, side: str, turn: float, scale: float, size: tuple[int, int]
) -> Sprite | None:
    """Place a foot under its ankle, turned by `turn` radians."""
    ankle, heel, toe = (figure[j[side]] for j in (ANKLE, HEEL, TOE))
    ratio = LENGTH / WIDTH
    column = foot.column
    stretch = np.clip(seen_width(turn, ratio) / seen_width(foot.turn, ratio), 0.5, 1.9)
    lower = np.clip((column.rows + 0.02 * figure.unit / scale) / (0.07 * figure.unit / scale), 0, 1)
    stretch = 1 + (stretch - 1) * lower
    aside = abs(float(np.sin(turn))) * lower
    reach = float(
        np.clip(
            ((toe + heel)[0] / 2 - ankle[0]) / scale,
            *(np.array((-0.09, 0.09)) * figure.unit / scale),
        )
    )
    middle = column.middle * (1 - aside) + reach * aside
    # A shoe seen from the front has no visible side: widen it, and mirror it if necessary.
    away = np.sin(foot.turn) * np.sin(turn) < 0 and abs(np.sin(foot.turn)) > 0.5
    slide = np.full_like(column.half, np.pi if away else 0.0)
    place = ColumnPose(ankle, _tilt(figure, side, turn), scale, size)
    here = view(column, place, slide, column.half * stretch, middle)
    if here is None:
        return None
    # A foot that points at the camera is seen from above; from the side it is flatter.
    flat = 1 + 0.25 * (abs(np.sin(turn)) - abs(np.sin(foot.turn)))
    ankle_row = np.float32(-column.start * column.fine)
    row = ankle_row + (here.row - ankle_row) * np.where(here.row > ankle_row, np.float32(flat), 1)
    map_x = (here.source + 1) * np.float32((foot.texture.labels.shape[1] - 1) / 2)
    return Sprite(here.x, here.y, map_x, row.astype(np.float32), foot.texture, here.cover)


def _tilt(figure: PuppetJoints, side: str, turn: float) -> float:
    """The foot's rotation: flat on the ground unless the shin is far from upright."""
    shin = figure[ANKLE[side]] - figure[KNEE[side]]
    lean = float(np.arctan2(-shin[0], shin[1]))
    length = float(np.linalg.norm(shin)) / max(0.25 * figure.unit, 1e-6)
    follow = np.clip((abs(lean) - 0.45) / 0.8, 0, 1) * min(length, 1)
    sole = figure[TOE[side]] - figure[HEEL[side]]
    aside = abs(float(np.sin(turn)))
    sight = np.clip((abs(sole[0]) / (0.12 * figure.unit) - 0.5) * 2, 0, 1) * aside
    slope = float(np.clip(np.arctan2(sole[1] * np.sign(sole[0]), abs(sole[0]) + 1e-6), -1, 1))
    return float(follow * lean * (1 - sight) + sight * slope * 0.7)
