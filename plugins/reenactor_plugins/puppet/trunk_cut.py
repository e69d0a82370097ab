"""Cuts the trunk out of the photo and completes it behind arms, hair and held objects."""

import cv2
import numpy as np

from reenactor.labels import Label
from reenactor.ops.silhouette import disc
from reenactor.ops.smoothing import gaussian
from reenactor_plugins.puppet.column import solid_at, within
from reenactor_plugins.puppet.completion import bare, beside, reflect
from reenactor_plugins.puppet.cut import BodyParts
from reenactor_plugins.puppet.joints import PuppetJoints
from reenactor_plugins.puppet.photo import TargetPhoto, sampled
from reenactor_plugins.puppet.spine import HIP_NODE, Spine, coordinates, points, spine
from reenactor_plugins.puppet.sprite import complete_texture
from reenactor_plugins.puppet.trunk import Trunk
from reenactor_plugins.puppet.trunk_outline import NECK_WIDTH, draped, extents, hidden

HANGS = 0.22
"""Clothes that extend farther below the hips than this, in metres, widen with the knees."""
_ENOUGH = 0.4
"""Visible share of a row that suffices for continuing its pattern."""
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
    low, high = extents(solid > 0.5, arms, v, neck, side, unit, fine)
    if hem > HANGS * unit:
        low, high = -draped(-low, u, hips), draped(high, u, hips)
    solid = np.maximum(solid, hidden(solid > 0.5, v, low, high) & side[:, None])
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
    below = (u > _COLLAR * unit) & ((known > 0.5).mean(1) > _ENOUGH)
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
