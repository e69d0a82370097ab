"""Upright parts that turn about their own axis: the head and the feet.

Each row is an ellipse. When turned, it shows its side as far as it is visible in the photo, and the
mirror image beyond that.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from reenactor.ops.smoothing import gaussian
from reenactor_plugins.puppet.photo import TargetPhoto, sampled
from reenactor_plugins.puppet.sprite import rectangle

_RIM = 2.0
_EVEN = 0.75
"""How evenly the texture of a turned part is spread around it (see `around`)."""


@dataclass(frozen=True)
class Column:
    """The rows of a part: row r is `start + r / fine` pixels below the joint.

    `half` and `middle` are each row's half width and centre, in canvas pixels of the photo.
    """

    start: float
    fine: float
    half: np.ndarray
    middle: np.ndarray

    @property
    def end(self) -> float:
        """Distance of the last row below the joint in pixels."""
        return self.start + (len(self.half) - 1) / self.fine

    @property
    def rows(self) -> np.ndarray:
        """Distance of each row below the joint in pixels."""
        rows: np.ndarray = self.start + np.arange(len(self.half)) / self.fine
        return rows


@dataclass(frozen=True)
class ColumnCut:
    """A column in the photo: the place of each texel, and how far it belongs to the part."""

    column: Column
    x: np.ndarray
    y: np.ndarray
    own: np.ndarray
    shape: np.ndarray


def upright(
    origin: np.ndarray, tilt: float, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Canvas coordinates of points given by offsets across and below a joint."""
    c, s = np.cos(tilt), np.sin(tilt)
    return origin[0] + c * x - s * y, origin[1] + s * x + c * y


def cut_column(
    photo: TargetPhoto, mask: np.ndarray, origin: np.ndarray, tilt: float, edge: float, start: float
) -> ColumnCut:
    """Find the rows of a mask, starting `start` pixels below its joint."""
    ys, xs = np.nonzero(mask)
    c, s = np.cos(tilt), np.sin(tilt)
    dx, dy = xs - origin[0], ys - origin[1]
    below, aside = c * dy - s * dx, c * dx + s * dy
    fine = photo.fine
    first = max(start, float(below.min())) - 1
    y = np.arange(first, float(below.max()) + 1.01, 1 / fine)
    widest = float(np.abs(aside).max()) + 3
    x = np.arange(-widest, widest, 1 / fine)
    own = sampled(mask.astype(np.float32), *upright(origin, tilt, x[None], y[:, None])) > 0.5
    low, high = _extents(own, x, fine)
    column = Column(first, fine, (high - low) / 2, (high + low) / 2)
    s = np.linspace(-1, 1, int(2 * column.half.max() * fine) + 1)
    s = within(s, column.half)
    px, py = upright(origin, tilt, column.middle[:, None] + column.half[:, None] * s, y[:, None])
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7)
    mine = sampled(soft, px, py)
    shape = np.clip((mine - 0.5) / (0.4 * edge) + 0.5, 0, 1) * sampled(photo.inside, px, py)
    return ColumnCut(column, px, py, solid_at(mask, px, py), shape)


def solid_at(mask: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 well inside a mask, 0 near its edge, where colours are mixed."""
    core = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8))
    if core.sum() < 0.3 * mask.sum():
        core = mask.astype(np.uint8)
    return sampled(core.astype(np.float32), x, y)


def within(s: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Columns -1..1 for each row, kept off the outline by `_RIM` pixels.

    When a texture slides around a column, its rim moves to the middle, where the photo's background
    must not be visible.
    """
    rim = np.minimum(_RIM / half, 0.15)[:, None]
    far = np.abs(s[None])
    kept: np.ndarray = np.sign(s) * np.minimum(far, 1 - 3 * rim + (far - 1 + 3 * rim) * (2 / 3))
    return kept


def _extents(mask: np.ndarray, x: np.ndarray, fine: float) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last pixel of each row, smoothed down the rows."""
    rows = np.arange(len(mask))
    some = mask.any(1)
    low = x[mask.argmax(1)]
    high = x[mask.shape[1] - 1 - mask[:, ::-1].argmax(1)]
    low, high = (np.interp(rows, rows[some], side[some]) for side in (low, high))
    low, high = (gaussian(side[:, None], 1.5 * fine)[:, 0] for side in (low, high))
    wide = np.maximum((high - low) / 2, 2)
    centre = (high + low) / 2
    return centre - wide, centre + wide


@dataclass(frozen=True)
class ColumnPose:
    """Pose of a column on the canvas: joint, tilt, scale, and the canvas's size."""

    origin: np.ndarray
    tilt: float
    scale: float
    size: tuple[int, int]


@dataclass(frozen=True)
class ColumnView:
    """The part of a column that is visible in a rectangle of the canvas.

    `row` counts texels down; `across` runs from -1 to 1 over the row here, `source` over the row
    in the photo; `depth` and `ahead` are how far the surface comes towards the viewer here, and
    came in the photo.
    """

    x: int
    y: int
    row: np.ndarray
    source: np.ndarray
    depth: np.ndarray
    ahead: np.ndarray
    across: np.ndarray
    cover: np.ndarray


def view(
    column: Column,
    place: ColumnPose,
    slide: np.ndarray,
    half: np.ndarray,
    middle: np.ndarray,
    even: float = 0.0,
) -> ColumnView | None:
    """Compute the view of a column whose rows are rotated by `slide` radians, with new widths.

    Args:
        column: the part.
        place: its pose.
        slide, half, middle: for each row; widths and centres in pixels of the photo's canvas.
    """
    wide = float((np.abs(middle) + half).max()) * place.scale
    ends = np.array([column.start, column.end]) * place.scale
    corners = np.stack(upright(place.origin, place.tilt, np.zeros(2), ends), -1)
    box = rectangle(corners, wide + 2, place.size)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    shrink = np.float32(1 / place.scale)
    dx = (np.arange(x0, x1) - place.origin[0]).astype(np.float32)[None] * shrink
    dy = (np.arange(y0, y1) - place.origin[1]).astype(np.float32)[:, None] * shrink
    c, s = np.float32(np.cos(place.tilt)), np.float32(np.sin(place.tilt))
    x, y = c * dx + s * dy, c * dy - s * dx
    row = (y - np.float32(column.start)) * np.float32(column.fine)
    index = np.clip(np.rint(row), 0, len(half) - 1).astype(np.intp)
    width = half.astype(np.float32)[index]
    here = (x - middle.astype(np.float32)[index]) / width
    across = np.clip(here, -1, 1)
    depth = np.sqrt(1 - across**2)
    cos, sin = (f(slide).astype(np.float32)[index] for f in (np.cos, np.sin))
    cover = np.clip((1 - np.abs(here)) * width * np.float32(place.scale) + 0.5, 0, 1)
    source = around(across, cos, sin, even)
    return ColumnView(x0, y0, row, source, depth, depth * cos - across * sin, across, cover)


def around(across: np.ndarray, cos: np.ndarray, sin: np.ndarray, even: float) -> np.ndarray:
    """Texture coordinate of a turned ellipse: -1..1 across the photo's row.

    The exact sin(asin(across) + angle) smears parts that the photo shows edge-on over a wide area.
    Spreading the photo evenly over the angle (a triangle wave instead of the sine) avoids this but
    bulges; `even` mixes the two.
    """
    sine: np.ndarray = across * cos + np.sqrt(1 - across**2) * sin
    if even <= 0:
        return sine
    ahead = np.sqrt(1 - across**2) * cos - across * sin
    angle = np.arctan2(sine, np.abs(ahead)) * np.float32(2 / np.pi)
    mixed: np.ndarray = sine + np.float32(even) * (angle - sine)
    return mixed


def evenness(turn: float) -> float:
    """How evenly to spread a texture turned by `turn` radians: 0 near 0."""
    return _EVEN * float(np.clip((1 - np.cos(turn)) / 0.3, 0, 1))


def seen_width(angle: np.ndarray | float, depth: float) -> np.ndarray:
    """The width of a turned ellipse of unit width and the given depth."""
    return np.asarray(np.hypot(np.cos(angle), depth * np.sin(angle)))


def edge_angle(angle: np.ndarray | float, depth: float) -> np.ndarray:
    """The angle by which the surface of a turned ellipse slides."""
    return np.asarray(np.arctan2(depth * np.sin(angle), np.cos(angle)))
