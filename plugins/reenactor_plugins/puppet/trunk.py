"""The trunk with all that hangs from it: an elliptical column that turns.

A row of the trunk is an ellipse, half as deep again as wide or so. The photo shows its front;
turning it by an angle slides the texture around the ellipse, narrows or widens the row, and shows
on the far side the front's mirror image, which continues it without a seam.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from reenactor.joints import Joint
from reenactor.ops.smoothing import gaussian
from reenactor_plugins.puppet.column import around, evenness, solid_at, within
from reenactor_plugins.puppet.cut import Parts
from reenactor_plugins.puppet.figure import Figure
from reenactor_plugins.puppet.photo import Photo, sampled
from reenactor_plugins.puppet.sheet import Sheet, Stamp, rectangle, sheet
from reenactor_plugins.puppet.spine import (
    HIP_NODE,
    KNEE_NODE,
    Spine,
    coordinates,
    points,
    spine,
)

J = Joint
NECK_WIDTH = 0.055
"""Half the width of a neck in metres."""
HANGS = 0.22
"""What reaches farther below the hips than this, in metres, hangs: it widens with the knees."""
_COARSE = 3
"""The trunk's coordinates are found on every third pixel and interpolated."""


@dataclass(frozen=True)
class Trunk:
    """The trunk's texture. Row r is `start + r / fine` along the spine; columns run from -1 to 1.

    `half` and `middle` are each row's half width and centre across, in canvas pixels of the
    photo; `depth` its depth over its width; `turn` how far it was turned in the photo.
    """

    sheet: Sheet
    marks: np.ndarray
    start: float
    fine: float
    half: np.ndarray
    middle: np.ndarray
    depth: np.ndarray
    spread: np.ndarray
    turn: float
    hangs: bool


def cut_trunk(photo: Photo, parts: Parts, figure: Figure, turn: float, edge: float) -> Trunk | None:
    """Cut the trunk out of the photo, complete behind arms and hair; None if it is not seen."""
    axis = spine(figure, turn)
    marks, fine, unit = axis.marks, photo.fine, figure.unit
    ys, xs = np.nonzero(parts.trunk)
    if len(ys) < 30:
        return None
    along, _ = coordinates(axis, marks, xs.astype(float), ys.astype(float))
    start, end = float(marks[0]), float(np.quantile(along, 0.999)) + 2
    u = np.arange(start, end, 1 / fine)
    widest = 0.55 * unit
    v = np.arange(-widest, widest, 1 / fine)
    x, y = points(axis, u[:, None], v[None])
    solid = _closed(parts, unit)
    own = sampled(solid.astype(np.float32), x, y)
    neck = _neck_rows(u, unit)
    low, high = _extents(own > 0.5, v, u, neck, unit, fine)
    half, middle = (high - low) / 2, (high + low) / 2
    s = np.linspace(-1, 1, int(2 * half.max() * fine) + 1)
    x, y = points(axis, u[:, None], middle[:, None] + half[:, None] * within(s, half))
    mine = sampled(parts.trunk.astype(np.float32), x, y)
    shape = sampled(cv2.GaussianBlur(solid.astype(np.float32), (0, 0), 0.7), x, y)
    shape = np.clip((shape - 0.5) / (0.35 * edge) + 0.5, 0, 1)
    silhouette = photo.alpha_at(x, y)
    shape = np.where(
        mine > 0.5, np.minimum(shape, np.maximum(silhouette, own_hole(x, y, parts))), shape
    )
    shape = np.maximum(shape, _stub(u, s, half, neck, unit)) * sampled(photo.inside, x, y)
    known = solid_at(parts.trunk, x, y) * (silhouette > 0.7)
    labels = sampled(parts.labels, x, y, nearest=True)
    texture = sheet(photo.colours_at(x, y), known, shape * _faded(photo, axis, u), labels)
    hem = u[-1] - marks[HIP_NODE]
    depth = np.interp(
        u,
        [marks[0], 0.02 * unit, 0.2 * unit, hem + marks[HIP_NODE] + 1],
        [1.0, 0.75, 0.68, 0.8 if hem > HANGS * unit else 0.72],
    )
    return Trunk(
        texture, marks, start, fine, half, middle, depth, axis.spread, turn, hem > HANGS * unit
    )


def own_hole(x: np.ndarray, y: np.ndarray, parts: Parts) -> np.ndarray:
    """Where other parts lie over the trunk."""
    over = parts.arm["left"] | parts.arm["right"] | parts.head
    return sampled(over.astype(np.float32), x, y)


def _closed(parts: Parts, unit: float) -> np.ndarray:
    """The trunk without the holes that arms, hair and things in the hands leave in it."""
    over = parts.arm["left"] | parts.arm["right"] | parts.head
    trunk = parts.trunk.astype(np.uint8)
    size = 2 * max(1, round(0.12 * unit)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    pad = size
    wide = cv2.copyMakeBorder(trunk, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, disc)[pad:-pad, pad:-pad]
    whole = trunk | (closed & over.astype(np.uint8))
    # What is surrounded by trunk on all sides is trunk.
    outside = cv2.copyMakeBorder(1 - whole, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(outside, None, (0, 0), 2)
    holes = outside[1:-1, 1:-1] == 1
    result: np.ndarray = (whole > 0) | (holes & (parts.labels == 0)) | (holes & over)
    return result


def _neck_rows(u: np.ndarray, unit: float) -> np.ndarray:
    rows: np.ndarray = u < -0.035 * unit
    return rows


def _extents(
    mask: np.ndarray, v: np.ndarray, u: np.ndarray, neck: np.ndarray, unit: float, fine: float
) -> tuple[np.ndarray, np.ndarray]:
    """The leftmost and the rightmost trunk pixel of each row, smoothed along the trunk."""
    rows = np.arange(len(u))
    some = mask.any(1)
    low = v[mask.argmax(1)]
    high = v[mask.shape[1] - 1 - mask[:, ::-1].argmax(1)]
    low, high = (np.interp(rows, rows[some], side[some]) for side in (low, high))
    width = NECK_WIDTH * unit
    low = np.where(neck, np.minimum(np.maximum(low, -2.5 * width), -width), low)
    high = np.where(neck, np.maximum(np.minimum(high, 2.5 * width), width), high)
    low = np.minimum(low, high - 0.08 * unit)
    low, high = (gaussian(side[:, None], 2.0 * fine)[:, 0] for side in (low, high))
    return low, high


def _stub(
    u: np.ndarray, s: np.ndarray, half: np.ndarray, neck: np.ndarray, unit: float
) -> np.ndarray:
    """The neck, continued up into the head."""
    across = np.abs(s)[None] * half[:, None]
    stub: np.ndarray = np.clip(NECK_WIDTH * unit - across + 0.5, 0, 1) * neck[:, None]
    return stub


def _faded(photo: Photo, axis: Spine, u: np.ndarray) -> np.ndarray:
    """1 within the photo; 0, by way of a soft edge, where the photo ends."""
    x, y = points(axis, u, np.zeros_like(u))
    inside = (sampled(photo.inside, x[None], y[None])[0] > 0.5).astype(np.float64)
    if inside.min() == 1:
        return np.ones((len(u), 1))
    return np.clip(2 * gaussian(inside[:, None], 6 * photo.fine) - 1, 0, 1)


def place_trunk(
    trunk: Trunk, figure: Figure, turn: float, scale: float, size: tuple[int, int]
) -> Stamp | None:
    """Put the trunk on the canvas, turned by `turn` radians."""
    axis = spine(figure, turn)
    half, middle, slide = _turned(trunk, turn, scale)
    if trunk.hangs:
        half = half + _opened(trunk, axis, scale)
    reach = float(half.max()) + abs(float(middle.max())) + 2
    tail = max(trunk.start + len(trunk.half) / trunk.fine - trunk.marks[-1], 0) * scale
    box = rectangle(axis.nodes[: 5 if trunk.hangs else 4], reach + tail, size)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    columns, rows = -(-(x1 - x0) // _COARSE), -(-(y1 - y0) // _COARSE)
    x = x0 + np.arange(columns) * _COARSE + (_COARSE - 1) / 2
    y = y0 + np.arange(rows) * _COARSE + (_COARSE - 1) / 2
    u, v = coordinates(axis, trunk.marks, *np.meshgrid(x, y))
    row = (u - trunk.start) * trunk.fine
    index = np.clip(np.rint(row), 0, len(half) - 1).astype(np.intp)
    s = np.clip((v - middle[index]) / half[index], -9, 9)
    angle = slide[index]
    coarse = np.stack([row, s, half[index], np.cos(angle), np.sin(angle)], -1).astype(np.float32)
    full = cv2.resize(coarse, (columns * _COARSE, rows * _COARSE), interpolation=cv2.INTER_LINEAR)
    full = full[: y1 - y0, : x1 - x0]
    across = np.clip(full[..., 1], -1, 1)
    source = around(across, full[..., 3], full[..., 4], evenness(turn - trunk.turn))
    cover = np.clip((1 - np.abs(full[..., 1])) * full[..., 2] + 0.5, 0, 1)
    width = trunk.sheet.labels.shape[1]
    map_x = (source + 1) * np.float32((width - 1) / 2)
    return Stamp(x0, y0, map_x, np.ascontiguousarray(full[..., 0]), trunk.sheet, cover)


def _turned(trunk: Trunk, turn: float, scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each row's half width and centre when turned, and by how much its texture slides."""

    def seen_width(angle: float) -> np.ndarray:
        width: np.ndarray = np.hypot(np.cos(angle), trunk.depth * np.sin(angle))
        return width

    def edge_angle(angle: float) -> np.ndarray:
        result: np.ndarray = np.arctan2(
            trunk.depth * np.sin(angle), np.full_like(trunk.depth, np.cos(angle))
        )
        return result

    half = trunk.half * scale * seen_width(turn) / seen_width(trunk.turn)
    delta = turn - trunk.turn
    middle = trunk.middle * scale * np.cos(delta)
    slide = edge_angle(trunk.turn) - edge_angle(turn)
    return half, middle, slide


def _opened(trunk: Trunk, axis: Spine, scale: float) -> np.ndarray:
    """How much wider a skirt's rows become when the knees are farther apart than in the photo."""
    wider = np.maximum(axis.spread - trunk.spread * scale, -0.3 * trunk.spread * scale)
    u = trunk.start + np.arange(len(trunk.half)) / trunk.fine
    wider[:KNEE_NODE] = 0
    opened: np.ndarray = np.interp(u, trunk.marks, wider)
    return opened
