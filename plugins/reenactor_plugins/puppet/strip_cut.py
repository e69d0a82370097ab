"""Cuts limbs out of the photo as straight strips and completes hidden parts."""

from dataclasses import dataclass

import cv2
import numpy as np

from reenactor.labels import Label
from reenactor.ops.smoothing import gaussian
from reenactor_plugins.puppet.column import solid_at
from reenactor_plugins.puppet.completion import reflect
from reenactor_plugins.puppet.hand import drawn_hand
from reenactor_plugins.puppet.photo import TargetPhoto, sampled
from reenactor_plugins.puppet.sprite import complete_texture
from reenactor_plugins.puppet.strip import Strip

_WIDEST = 2.0
"""Maximum half width of a clothed limb, relative to the usual one."""
_SLIMMEST = 0.6
_FAR = 0.12
"""Rows farther than this share of a limb from visible ones get the average."""
_SHOWN = 0.35
"""Limbs with a share inside the photo below this are not completed."""
_LONGEST = 4
"""A limb longer than this many canvases leaves the photo."""
_CROTCH = 2.0
"""Where two legs part, relative to the distance between a hip and the middle."""
_SEEN = 0.4
"""A hand with a visible share above this keeps its own outline."""
_ROUND = 0.3
"""How much darker made skin is at the outline than in the middle."""
_BLEND = 0.35
"""Half the length over which visible skin blends into made skin, in half widths of the limb."""
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


def cut_strip(
    photo: TargetPhoto,
    own: np.ndarray,
    around: np.ndarray,
    dirty: np.ndarray,
    nodes: np.ndarray,
    widths: tuple[float, ...],
    edge: float,
    stuff: Stuff,
    hidden: tuple[float, float] = (0.8, 0.8),
    inner: float = 0.0,
    fades: tuple[float, float] | None = (-0.15, 0.35),
) -> Strip | None:
    """Cut a limb out of the photo; None if too little of it is inside the photo.

    Args:
        photo: the target's photo.
        own: the limb's mask on the canvas.
        around: pixels of the same garment, whose colours are used for the round ends.
        dirty: pixels whose colours are not used.
        nodes: the limb's joints on the canvas, in order; the last piece is a hand if there is one.
        widths: usual half widths at the joints, in pixels.
        edge: softness of the outline in pixels.
        stuff: what its hidden parts are made of.
        hidden: width of hidden parts at both ends, relative to the usual.
        inner: v up to which it reaches at its beginning, where it meets the other leg.
        fades: half widths before its first joint between which it fades into what it lies over;
            None if it lies below.
    """
    steps = np.linalg.norm(np.diff(nodes, axis=0), axis=1)
    marks = np.concatenate([[0], np.cumsum(np.maximum(steps, 1))])
    if marks[-1] > _LONGEST * max(photo.labels.shape):
        return None
    hand = stuff.thumb != 0
    reach = _WIDEST * max(widths) + 2
    fine = photo.fine
    start, end = -widths[0] * 1.3, marks[-1] + widths[-1] * 1.3
    u = np.arange(start, end, 1 / fine)
    v = np.arange(-reach, reach + 1e-6, 1 / fine)
    centre, normal = _axis(u, nodes, marks)
    x = centre[:, :1] + normal[:, :1] * v
    y = centre[:, 1:] + normal[:, 1:] * v
    body = (u >= 0) & (u <= marks[-1])
    inside = sampled(photo.inside, x, y)
    shown = float((inside[body] > 0.5).mean())
    if shown < _SHOWN:
        return None
    alpha = photo.alpha_at(x, y)
    mine = np.minimum(sampled(own.astype(np.float32), x, y), alpha)
    usual = np.interp(u, marks, widths)
    low, high, valid = _outline(mine > 0.5, v, usual)
    valid &= body
    slim = np.interp(u, marks[[0, -1]], hidden)
    low, high = (_profile(side, valid, usual, slim, fine) for side in (low, high))
    meeting = abs(inner) * np.clip((_CROTCH * abs(inner) - u) / (0.8 * abs(inner) + 1e-6), 0, 1)
    low, high = (np.maximum(low, meeting), high) if inner < 0 else (low, np.maximum(high, meeting))
    last, share, palm = _end(u, valid, marks, hand)
    shape = _shape(u, v, low, high, last, edge)
    if fades is not None:
        beginning = np.clip((u / widths[0] + fades[1]) / (fades[1] - fades[0]), 0, 1)[:, None]
        shape = shape * beginning
    across = (2 * v[None] + (low - high)[:, None]) / (low + high)[:, None]
    shade = 1 - _ROUND * np.clip(across, -1, 1) ** 2
    core = solid_at(own & ~dirty, x, y) * (alpha > 0.7)
    round_ends = np.minimum(sampled((around & ~dirty).astype(np.float32), x, y), alpha)
    known = np.where(body[:, None], core, round_ends)
    if hand and palm > _SEEN:
        # A visible hand keeps its own outline.
        length = marks[-1] - marks[-2]
        begins = float(u[valid & (u > marks[-2])].min())
        fist = np.clip((u - begins) / (0.35 * length), 0, 1)[:, None]
        shape = shape + fist * (np.clip((mine - 0.5) / (0.4 * edge) + 0.5, 0, 1) - shape)
    elif hand:
        depth, fingers = drawn_hand(u - marks[-2], v * stuff.thumb, marks[-1] - marks[-2])
        beyond = (u > marks[-2])[:, None]
        shape = np.maximum(shape, np.clip(depth / edge + 0.4, 0, 1) * beyond)
        shade = np.where(beyond, fingers, shade)
        known = known * ~beyond
    labels = sampled(photo.labels, x, y, nearest=True)
    pixels = _Pixels(*reflect(photo.colours_at(x, y), known, labels))
    bare = int(np.searchsorted(u, stuff.bare))
    reflect(pixels.colour, pixels.known, pixels.labels)
    _mend_cloth(pixels[:bare], u[:bare], last, stuff.cloth)
    _mend_skin(pixels[bare:], shade[bare:], stuff, round(_BLEND * widths[0] * fine))
    texture = complete_texture(
        pixels.colour, pixels.known, shape * _faded(inside, fine), pixels.labels
    )
    return Strip(
        texture,
        tuple(marks.tolist()),
        start,
        reach,
        fine,
        share,
        float(u[valid].min()) if valid.any() else float(marks[-1]),
    )


def _end(
    u: np.ndarray, valid: np.ndarray, marks: np.ndarray, hand: bool
) -> tuple[float, float, float]:
    """The end of the limb, its visible share (the smaller of forearm and hand), and the hand's."""
    body = (u >= 0) & (u <= marks[-1])
    share = float(valid.sum() / max(body.sum(), 1))
    if not hand:
        return float(marks[-1]), share, 0.0
    palm = body & (u > marks[-2])
    arm = body & ~palm
    seen = float(valid[palm].mean()) if palm.any() else 0.0
    share = min(float(valid[arm].mean()) if arm.any() else 0.0, seen)
    if seen <= _SEEN:
        return float(marks[-2]), share, seen
    # The end is rounded by the hand's width.
    return float(u[valid & palm].max()) - 0.15 * (marks[-1] - marks[-2]), share, seen


def _mend_cloth(pixels: "_Pixels", u: np.ndarray, end: float, cloth: np.ndarray) -> None:
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


def _mend_skin(pixels: "_Pixels", shade: np.ndarray, stuff: Stuff, blend: int) -> None:
    """Make skin where none is visible, except for the rows next to visible skin, which blend."""
    solid = pixels.known > 0.5
    if not len(solid):
        return
    blank = ~solid.any(1)
    skin = np.median(pixels.colour[solid], axis=0) if blank.mean() < 0.5 else stuff.skin
    made = cv2.erode(blank.astype(np.uint8)[:, None], np.ones((2 * blend + 1, 1)))[:, 0] > 0
    pixels.colour[made] = skin * shade[made][..., None]
    pixels.known[made] = 1
    if stuff.label is not None:
        pixels.labels[blank] = stuff.label


@dataclass(frozen=True)
class _Pixels:
    """A strip's colours, how far they are known, and classes; they are changed in place."""

    colour: np.ndarray
    known: np.ndarray
    labels: np.ndarray

    def __getitem__(self, rows: slice) -> "_Pixels":
        return _Pixels(self.colour[rows], self.known[rows], self.labels[rows])

    def copy(self, row: np.ndarray, where: np.ndarray) -> None:
        """Copy pixels from the given row of each row."""
        self.colour[:] = np.where(where[..., None], self.colour[row], self.colour)
        self.labels[:] = np.where(where, self.labels[row], self.labels)
        self.known[:] = np.where(where, self.known[row] * 0.9, self.known)


def _mirror(rows: np.ndarray, first: int, last: int) -> np.ndarray:
    """Row numbers outside `first` .. `last` mirrored into it."""
    mirrored = np.where(
        rows < first, 2 * first - rows, np.where(rows > last, 2 * last - rows, rows)
    )
    return np.clip(mirrored, 0, len(rows) - 1)


def _axis(u: np.ndarray, nodes: np.ndarray, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points along the chain of bones and the directions across it, smoothed at joints."""
    directions = np.diff(nodes, axis=0)
    directions = directions / np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-6)
    middles = (marks[:-1] + marks[1:]) / 2
    angles = np.unwrap(np.arctan2(directions[:, 1], directions[:, 0]))
    angle = np.interp(u, middles, angles)
    centre = np.stack([np.interp(u, marks, nodes[:, k]) for k in (0, 1)], 1)
    centre += np.minimum(u, 0)[:, None] * directions[0]
    centre += np.maximum(u - marks[-1], 0)[:, None] * directions[-1]
    return centre, np.stack([-np.sin(angle), np.cos(angle)], 1)


def _outline(
    mask: np.ndarray, v: np.ndarray, usual: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Extent of each row to both sides of the axis, and whether it is visible."""
    rows, columns = mask.shape
    low, high, valid = np.zeros(rows), np.zeros(rows), np.zeros(rows, bool)
    for r in range(rows):
        inside = np.flatnonzero(mask[r] & (np.abs(v) < 0.6 * usual[r]))
        if not len(inside):
            continue
        middle = int(inside[np.abs(v[inside]).argmin()])
        gaps = np.flatnonzero(~mask[r])
        left = gaps[gaps < middle]
        right = gaps[gaps > middle]
        low[r] = -v[left[-1] + 1] if len(left) else -v[0]
        high[r] = v[right[0] - 1] if len(right) else v[columns - 1]
        valid[r] = low[r] + high[r] > 0.5 * usual[r]
    return low, high, valid


def _profile(
    reach: np.ndarray, valid: np.ndarray, usual: np.ndarray, hidden: np.ndarray, fine: float
) -> np.ndarray:
    """A smooth outline, with the usual width where the limb is hidden."""
    if valid.sum() < 3:
        return hidden * usual
    share = np.clip(reach / usual, _SLIMMEST, _WIDEST)
    rows = np.arange(len(share))
    share = np.interp(rows, rows[valid], share[valid])
    distance = np.abs(rows[:, None] - rows[valid][None]).min(1) / (_FAR * len(rows))
    share = share + (np.minimum(share, hidden) - share) * np.clip(distance, 0, 1)
    smooth: np.ndarray = gaussian(share[:, None], 2.0 * fine)[:, 0] * usual
    return smooth


def _shape(
    u: np.ndarray, v: np.ndarray, low: np.ndarray, high: np.ndarray, end: float, edge: float
) -> np.ndarray:
    """The outline filled, with round ends."""
    middle, half = (high - low) / 2, (high + low) / 2
    beyond = np.maximum(np.maximum(-u, u - end), 0)
    # Ends are rounded by the limb's width.
    first, last = int(np.searchsorted(u, 0)), int(np.searchsorted(u, end, "right")) - 1
    rim = np.where(u < 0, half[first], half[last])
    half = np.where(beyond > 0, rim, half)
    middle = np.where(u < 0, middle[first], np.where(u > end, middle[last], middle))
    half = half * np.sqrt(np.clip(1 - (beyond / np.maximum(rim, 1e-6)) ** 2, 0, 1))
    distance = half[:, None] - np.abs(v - middle[:, None])
    return np.asarray(np.clip(distance / edge + 0.4, 0, 1) * (half > 0)[:, None])


def _faded(inside: np.ndarray, fine: float) -> np.ndarray:
    """1 inside the photo, falling smoothly to 0 at its edge."""
    rows = (inside[:, inside.shape[1] // 2] > 0.5).astype(np.float64)
    sigma = 6 * fine
    soft = gaussian(rows[:, None], sigma)[:, 0]
    return (np.clip(2 * soft - 1, 0, 1) if rows.min(initial=1) < 1 else rows)[:, None]
