"""Cuts the trunk out of the photo and completes it behind arms, hair and held objects."""

import cv2
import numpy as np

from reenactor.labels import Label
from reenactor.ops.silhouette import disc
from reenactor.ops.smoothing import gaussian, moving_maximum
from reenactor_plugins.puppet.column import solid_at, within
from reenactor_plugins.puppet.completion import bare, beside, reflect
from reenactor_plugins.puppet.cut import BodyParts
from reenactor_plugins.puppet.joints import PuppetJoints
from reenactor_plugins.puppet.photo import TargetPhoto, sampled
from reenactor_plugins.puppet.spine import HIP_NODE, Spine, coordinates, points, spine
from reenactor_plugins.puppet.sprite import complete_texture
from reenactor_plugins.puppet.trunk import Trunk

NECK_WIDTH = 0.055
"""Half the width of a neck in metres."""
HANGS = 0.22
"""Clothes that extend farther below the hips than this, in metres, widen with the knees."""
_WAIST = 0.78
"""Minimum width of a row relative to those above and below it."""
_TUCK = 0.15
"""Where a skirt begins to hang straight, above the hips, as a share of its length below."""
_FOLDS = 0.85
"""Least extent of a skirt relative to one that hangs straight."""
_WING = 0.08
"""Half the maximum height of protrusions that are cut off, in metres."""
_COLLAR = 0.12
"""Height of the shoulders in metres, where hair hides more than it shows."""
_NICK = 5
"""Half the maximum height of gaps in the outline that are closed, in canvas pixels."""
_BRUSH = 48
"""Maximum size of the brush for closing gaps, in pixels."""
_WIDEST = 0.55
"""Maximum distance from the spine in metres."""


def cut_trunk(
    photo: TargetPhoto, parts: BodyParts, figure: PuppetJoints, turn: float, edge: float
) -> Trunk | None:
    """Cut out the trunk; None if it is not visible. `turn` is its turn in the photo."""
    axis = spine(figure, turn)
    fine, unit = photo.fine, figure.unit
    u = _rows(axis, parts, fine)
    if u is None:
        return None
    hem = float(u[-1] - axis.marks[HIP_NODE])
    widest = min(_WIDEST * unit, float(np.hypot(*parts.labels.shape)))
    v = np.arange(-widest, widest, 1 / fine)
    x, y = points(axis, u[:, None], v[None])
    own = parts.trunk | _between(parts, figure)
    solid = sampled(_closed(own, parts, unit).astype(np.float32), x, y)
    arms = sampled((parts.arm["left"] | parts.arm["right"]).astype(np.float32), x, y) > 0.5
    neck = u < -0.035 * unit
    hips = axis.marks[HIP_NODE]
    side = (u > 0.1 * unit) & ((u < hips) | (hem > HANGS * unit))
    if not (solid > 0.5).any():
        return None
    low, high = _extents(solid > 0.5, arms, v, neck, side, unit, fine)
    if hem > HANGS * unit:
        low, high = -_draped(-low, u, hips), _draped(high, u, hips)
    solid = np.maximum(solid, _hidden(solid > 0.5, v, low, high) & side[:, None])
    half, middle = (high - low) / 2, (high + low) / 2
    s = np.linspace(-1, 1, int(2 * half.max() * fine) + 1)
    across = middle[:, None] + half[:, None] * within(s, half)
    x, y = points(axis, u[:, None], across)
    shape = _shape(photo, own, solid, across, v, (x, y), edge)
    shape = np.maximum(shape, _stub(s, half, neck, unit)) * sampled(photo.inside, x, y)
    clean = own & ~beside(bare(parts), unit)
    known = solid_at(clean, x, y) * (photo.alpha_at(x, y) > 0.7)
    labels = sampled(parts.labels, x, y, nearest=True)
    colour, known = photo.colours_at(x, y), known.astype(np.float32)
    below = u > _COLLAR * unit
    colour[below], known[below], labels[below] = reflect(colour[below], known[below], labels[below])
    colour, known = _mirrored(colour, known, neck)
    texture = complete_texture(colour, known, shape * _faded(photo, axis, u), labels)
    hangs = hem > HANGS * unit
    depth = np.interp(
        u, [axis.marks[0], 0.02 * unit, 0.2 * unit, u[-1]], [1, 0.75, 0.68, 0.8 if hangs else 0.72]
    )
    start = float(u[0])
    return Trunk(texture, axis.marks, start, fine, half, middle, depth, axis.spread, turn, hangs)


def _rows(axis: Spine, parts: BodyParts, fine: float) -> np.ndarray | None:
    """Rows along the spine, from the head to the hem."""
    ys, xs = np.nonzero(parts.trunk)
    if len(ys) < 30:
        return None
    along, _ = coordinates(axis, axis.marks, xs.astype(float), ys.astype(float))
    start = float(axis.marks[0])
    end = max(float(np.quantile(along, 0.999)), 2.0) + 2
    return np.arange(start, end, 1 / fine)


def _between(parts: BodyParts, figure: PuppetJoints) -> np.ndarray:
    """Legs visible between the sides of a coat, which move with it so that no gap opens."""
    legs = parts.leg["left"] | parts.leg["right"]
    coat = parts.trunk & np.isin(parts.labels, (Label.COAT, Label.UPPER_CLOTHES, Label.DRESS))
    left = np.maximum.accumulate(coat, 1)
    right = np.maximum.accumulate(coat[:, ::-1], 1)[:, ::-1]
    y = np.arange(legs.shape[0])[:, None]
    result: np.ndarray = legs & left & right & (y > figure.points[8, 1])
    return result


def _closed(own: np.ndarray, parts: BodyParts, unit: float) -> np.ndarray:
    """Close the holes that arms, hair and held objects leave in the trunk."""
    over = parts.arm["left"] | parts.arm["right"] | parts.head
    trunk = own.astype(np.uint8)
    reach = max(1, round(0.12 * unit))
    size = 2 * reach + 1
    wide = cv2.copyMakeBorder(trunk, size, size, size, size, cv2.BORDER_CONSTANT, value=0)
    closed = _without_gaps(wide, reach)[size:-size, size:-size]
    whole = trunk | (closed & over.astype(np.uint8))
    # Areas surrounded by trunk on all sides are trunk.
    outside = cv2.copyMakeBorder(1 - whole, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(outside, None, (0, 0), 2)
    holes = outside[1:-1, 1:-1] == 1
    result: np.ndarray = (whole > 0) | (holes & ((parts.labels == 0) | over))
    return result


def _without_gaps(mask: np.ndarray, reach: int) -> np.ndarray:
    """Morphological closing by `reach` pixels; the border of the mask must be empty that far.

    Uses distance transforms, whose cost does not depend on `reach`.
    """
    if reach <= _BRUSH:
        return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, disc(reach)))
    away = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    grown = (away <= reach).astype(np.uint8)
    inside = cv2.distanceTransform(grown, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return (inside > reach).astype(np.uint8)


def _extents(
    mask: np.ndarray,
    arms: np.ndarray,
    v: np.ndarray,
    neck: np.ndarray,
    below: np.ndarray,
    unit: float,
    fine: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The left and right trunk border of each row, smoothed along the trunk.

    In the rows `below` the shoulders, a side hidden by an arm is as wide as the other one, but not
    beyond the middle of the arm.
    """
    rows = np.arange(len(mask))
    some = mask.any(1)
    low, high = (np.interp(rows, rows[some], side[some]) for side in _ends(mask, v))
    arm_low, arm_high = _ends(arms, v)
    reach = 0.03 * unit
    hidden_low = below & arms.any(1) & (arm_low < low) & _touching(arms, v, low - reach, low)
    hidden_high = below & arms.any(1) & (arm_high > high) & _touching(arms, v, high, high + reach)
    far_low = np.where(hidden_low, np.minimum(low, np.maximum(-high, (low + arm_low) / 2)), low)
    far_high = np.where(
        hidden_high, np.maximum(high, np.minimum(-low, (high + arm_high) / 2)), high
    )
    far_low = -_without_wings(-far_low, below, unit, fine)
    far_high = _without_wings(far_high, below, unit, fine)
    far_low = np.minimum(far_low, -_notched(-far_low, below, unit, fine))
    far_high = np.maximum(far_high, _notched(far_high, below, unit, fine))
    width = NECK_WIDTH * unit
    low = np.where(neck, np.clip(far_low, -2.5 * width, -width), far_low)
    high = np.where(neck, np.clip(far_high, width, 2.5 * width), far_high)
    low = np.minimum(low, high - 0.08 * unit)
    low, high = (gaussian(side[:, None], 2.5 * fine)[:, 0] for side in (low, high))
    return low, high


def _without_wings(side: np.ndarray, below: np.ndarray, unit: float, fine: float) -> np.ndarray:
    """Cut off short protrusions: what is left of sleeves and of bags."""
    reach = max(1, round(_WING * unit * fine))
    core = -moving_maximum(-side[:, None], reach)
    return np.where(below, np.minimum(side, moving_maximum(core, reach)[:, 0]), side)


def _notched(side: np.ndarray, below: np.ndarray, unit: float, fine: float) -> np.ndarray:
    """Minimum extent of a side, since a carried bag cuts unnatural notches."""
    reach = max(1, round(0.15 * unit * fine))
    wide = moving_maximum(np.where(below, side, side.min())[:, None], reach)
    closed = -moving_maximum(-wide, reach)[:, 0]
    return np.where(below, _WAIST * closed, side)


def _draped(side: np.ndarray, u: np.ndarray, hips: float) -> np.ndarray:
    """Minimum extent of a side below the hips: a skirt hangs straight, whatever hides its edge."""
    hull: list[int] = []
    for row in np.flatnonzero(u > hips - _TUCK * (u[-1] - hips)).tolist():
        while len(hull) > 1 and _is_notch(side, hull[-2], hull[-1], row):
            hull.pop()
        hull.append(row)
    line = np.interp(np.arange(len(u)), hull, side[hull])
    return np.where(u > u[hull[0]], np.maximum(side, _FOLDS * line), side)


def _is_notch(side: np.ndarray, a: int, b: int, c: int) -> bool:
    """Whether row `b` is not beyond the line between rows `a` and `c`."""
    return bool((side[b] - side[a]) * (c - a) <= (side[c] - side[a]) * (b - a))


def _ends(mask: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return v[mask.argmax(1)], v[mask.shape[1] - 1 - mask[:, ::-1].argmax(1)]


def _touching(mask: np.ndarray, v: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    inside = (v >= low[:, None]) & (v <= high[:, None])
    return np.asarray((mask & inside).any(1))


def _hidden(mask: np.ndarray, v: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Hidden parts of the trunk's width at its sides."""
    inside = (v >= low[:, None]) & (v <= high[:, None])
    seen_low, seen_high = _ends(mask, v)
    outer = (v < seen_low[:, None]) | (v > seen_high[:, None])
    mostly = mask.any(1) & (seen_high - seen_low > 0.5 * (high - low))
    hidden: np.ndarray = inside & outer & mostly[:, None]
    return hidden


def _shape(
    photo: TargetPhoto,
    own: np.ndarray,
    solid: np.ndarray,
    across: np.ndarray,
    v: np.ndarray,
    place: tuple[np.ndarray, np.ndarray],
    edge: float,
) -> np.ndarray:
    """The texture's alpha: from the photo where visible, 1 where hidden."""
    soft = cv2.GaussianBlur(solid.astype(np.float32), (0, 0), 0.7 * photo.fine)
    rows = np.broadcast_to(np.arange(len(across))[:, None], across.shape)
    shape = sampled(soft, (across - v[0]) * photo.fine, rows)
    shape = np.clip((shape - 0.5) / (0.35 * edge) + 0.5, 0, 1)
    mine = sampled(own.astype(np.float32), *place) > 0.5
    shape = np.where(mine, np.minimum(shape, photo.alpha_at(*place)), shape)
    # Nicks in the outline would become visible when the trunk turns.
    tall = np.ones((2 * round(_NICK * photo.fine) + 1, 1), np.uint8)
    return cv2.morphologyEx(shape.astype(np.float32), cv2.MORPH_CLOSE, tall)


def _mirrored(
    colour: np.ndarray, known: np.ndarray, neck: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fill hidden pixels of one side from the other side, if visible there."""
    take = (known < 0.5) & (known[:, ::-1] > 0.5) & ~neck[:, None]
    return np.where(take[..., None], colour[:, ::-1], colour), np.where(take, 1.0, known)


def _stub(s: np.ndarray, half: np.ndarray, neck: np.ndarray, unit: float) -> np.ndarray:
    """The neck, continued up into the head."""
    across = np.abs(s)[None] * half[:, None]
    stub: np.ndarray = np.clip(NECK_WIDTH * unit - across + 0.5, 0, 1) * neck[:, None]
    return stub


def _faded(photo: TargetPhoto, axis: Spine, u: np.ndarray) -> np.ndarray:
    """1 inside the photo, falling smoothly to 0 at its edge."""
    more = u[-1] + np.arange(1, round(20 * photo.fine)) / photo.fine
    rows = np.concatenate([u, more])
    x, y = points(axis, rows, np.zeros_like(rows))
    inside = (sampled(photo.inside, x[None], y[None])[0] > 0.5).astype(np.float64)
    if inside[: len(u)].min() == 1 and _is_hem(photo, axis, u):
        return np.ones((len(u), 1))
    return np.clip(2 * gaussian(inside[:, None], 6 * photo.fine) - 1, 0, 1)[: len(u)]


def _is_hem(photo: TargetPhoto, axis: Spine, u: np.ndarray) -> bool:
    """Whether the trunk ends well before the photo does."""
    x, y = points(axis, u[-1:] + 4, np.zeros(1))
    return bool(sampled(photo.inside, x[None], y[None])[0, 0] > 0.5)
