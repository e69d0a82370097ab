"""Limbs: straight strips of texture, laid along their bones.

A strip's rows go along the bone (or along forearm and hand), its columns across. On the canvas
every pixel looks up the nearest point of the bone, so that a limb may be foreshortened without
its ends losing their round shape, and bends without tearing.
"""

from dataclasses import dataclass

import numpy as np

from reenactor.ops.smoothing import gaussian
from reenactor_plugins.puppet.photo import Photo, sampled
from reenactor_plugins.puppet.sheet import Sheet, Stamp, rectangle, sheet

_WIDEST = 2.0
"""A limb, clothes included, is at most this many times its usual half width to each side."""
_SLIMMEST = 0.6
ENOUGH = 0.45
"""A strip of which less than this share was seen is replaced by its twin."""


@dataclass(frozen=True)
class Strip:
    """A limb's texture. `marks` are the rows' u (canvas pixels of the photo) of the joints.

    `u` of row r is `start + r / fine`; column c is `c / fine - reach` across. `share` is how
    much of it was seen, `shown` how much lies within the photo.
    """

    sheet: Sheet
    marks: tuple[float, ...]
    start: float
    reach: float
    fine: float
    share: float
    shown: float

    def mirrored(self) -> "Strip":
        """The same limb on the other side."""
        flipped = Sheet(
            np.ascontiguousarray(self.sheet.colour[:, ::-1]),
            np.ascontiguousarray(self.sheet.labels[:, ::-1]),
        )
        return Strip(flipped, self.marks, self.start, self.reach, self.fine, self.share, self.shown)


def cut_strip(
    photo: Photo,
    own: np.ndarray,
    around: np.ndarray,
    nodes: np.ndarray,
    widths: tuple[float, ...],
    edge: float,
) -> Strip:
    """Cut a limb out of the photo.

    Args:
        photo: the target's photo.
        own: the limb's mask on the canvas.
        around: pixels whose colours may be used for the round ends (the same garment).
        nodes: the limb's joints on the canvas, in order.
        widths: usual half widths at the joints, in pixels.
        edge: softness of the outline in pixels.
    """
    steps = np.linalg.norm(np.diff(nodes, axis=0), axis=1)
    marks = np.concatenate([[0], np.cumsum(np.maximum(steps, 1))])
    reach = _WIDEST * max(widths) + 2
    fine = photo.fine
    start, end = -widths[0] * 1.3, marks[-1] + widths[-1] * 1.3
    u = np.arange(start, end, 1 / fine)
    v = np.arange(-reach, reach + 1e-6, 1 / fine)
    centre, normal = _axis(u, nodes, marks)
    x = centre[:, :1] + normal[:, :1] * v
    y = centre[:, 1:] + normal[:, 1:] * v
    alpha = photo.alpha_at(x, y)
    mine = sampled(own.astype(np.float32), x, y)
    usual = np.interp(u, marks, widths)
    body = (u >= 0) & (u <= marks[-1])
    low, high, valid = _outline(mine > 0.5, v, usual)
    valid &= body
    low, high = _profile(low, valid, usual, fine), _profile(high, valid, usual, fine)
    shape = _shape(u, v, low, high, marks[-1], edge)
    round_ends = sampled(around.astype(np.float32), x, y) * (~body[:, None])
    known = np.clip(np.maximum(mine, round_ends), 0, 1) * (alpha > 0.3)
    inside = sampled(photo.inside, x, y)
    labels = sampled(photo.labels, x, y, nearest=True)
    texture = sheet(photo.colours_at(x, y), known, shape * _faded(inside, u, fine), labels)
    return Strip(
        texture,
        tuple(marks.tolist()),
        start,
        reach,
        fine,
        float(valid.sum() / max(body.sum(), 1)),
        float((inside[body] > 0.5).mean()) if body.any() else 0.0,
    )


def _axis(u: np.ndarray, nodes: np.ndarray, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points along the chain of bones and the directions across it, turning softly at joints."""
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
    """For each row, how far the limb reaches to both sides of its axis, and whether it is seen."""
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


def _profile(reach: np.ndarray, valid: np.ndarray, usual: np.ndarray, fine: float) -> np.ndarray:
    """A smooth outline; where the limb was hidden, of the usual width in proportion."""
    if valid.sum() < 3:
        return 0.8 * usual
    share = np.clip(reach / usual, _SLIMMEST, _WIDEST)
    rows = np.arange(len(share))
    share = np.interp(rows, rows[valid], share[valid])
    smooth: np.ndarray = gaussian(share[:, None], 2.0 * fine)[:, 0] * usual
    return smooth


def _shape(
    u: np.ndarray, v: np.ndarray, low: np.ndarray, high: np.ndarray, end: float, edge: float
) -> np.ndarray:
    """The outline filled, with round ends."""
    middle, half = (high - low) / 2, (high + low) / 2
    beyond = np.maximum(np.maximum(-u, u - end), 0)
    # Ends are as round as the limb is wide there.
    first, last = int(np.searchsorted(u, 0)), int(np.searchsorted(u, end, "right")) - 1
    rim = np.where(u < 0, half[first], half[last])
    half = np.where(beyond > 0, rim, half)
    middle = np.where(u < 0, middle[first], np.where(u > end, middle[last], middle))
    half = half * np.sqrt(np.clip(1 - (beyond / np.maximum(rim, 1e-6)) ** 2, 0, 1))
    distance = half[:, None] - np.abs(v - middle[:, None])
    return np.clip(distance / edge + 0.4, 0, 1) * (half > 0)[:, None]


def _faded(inside: np.ndarray, u: np.ndarray, fine: float) -> np.ndarray:
    """1 within the photo, falling softly to 0 where it ends."""
    rows = (inside.min(1) > 0.5).astype(np.float64)
    sigma = 6 * fine
    soft = gaussian(rows[:, None], sigma)[:, 0]
    return (np.clip(2 * soft - 1, 0, 1) if rows.min(initial=1) < 1 else rows)[:, None]


def lay(strip: Strip, nodes: np.ndarray, scale: float, size: tuple[int, int]) -> Stamp | None:
    """Lay a strip along bones on the canvas.

    Args:
        strip: the limb.
        nodes: as many joints as the strip has marks, in canvas pixels.
        scale: canvas pixels of a pixel of the photo's canvas.
        size: of the canvas.
    """
    box = rectangle(nodes, strip.reach * scale, size)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    x = np.arange(x0, x1, dtype=np.float32)[None]
    y = np.arange(y0, y1, dtype=np.float32)[:, None]
    best: np.ndarray | None = None
    u = v = np.zeros(0, np.float32)
    last = len(nodes) - 2
    for i, (a, b) in enumerate(zip(nodes, nodes[1:], strict=False)):
        step = (b - a).astype(np.float32)
        length = np.float32(max(float(np.hypot(*step)), 0.5))
        ahead = step / length
        dx, dy = x - np.float32(a[0]), y - np.float32(a[1])
        t = dx * ahead[0] + dy * ahead[1]
        across = dy * ahead[0] - dx * ahead[1]
        before, after = np.minimum(t, 0), np.maximum(t - length, 0)
        stretch = np.float32((strip.marks[i + 1] - strip.marks[i]) / length)
        here = np.float32(strip.marks[i]) + np.clip(t, 0, length) * stretch
        if i == 0:
            here += before / np.float32(scale)
        if i == last:
            here += after / np.float32(scale)
        if last == 0:
            u, v = here, across
            break
        distance = across**2 + (before + after) ** 2
        if best is None:
            best, u, v = distance, here, across
            continue
        nearer = distance < best
        # Beyond a joint on the outer side of a bend the distance across is that to the joint.
        u, v = np.where(nearer, here, u), np.where(nearer, across, v)
        best = np.minimum(best, distance)
    fine = np.float32(strip.fine)
    map_x = (v * np.float32(1 / scale) + np.float32(strip.reach)) * fine
    map_y = (u - np.float32(strip.start)) * fine
    return Stamp(x0, y0, map_x, map_y, strip.sheet)
