"""The trunk's outline: its extent to both sides, also where arms and bags hide or widen it."""

import numpy as np

from reenactor.ops.smoothing import gaussian, moving_maximum

NECK_WIDTH = 0.055
"""Half the width of a neck in metres."""
_WAIST = 0.78
"""Minimum width of a row relative to those above and below it."""
_WING = 0.08
"""Half the maximum height of protrusions that are cut off, in metres."""
_FOLDS = 0.85
"""Least extent of a skirt relative to one that hangs straight."""
_TUCK = 0.15
"""Where a skirt begins to hang straight, above the hips, as a share of its length below."""


def extents(
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


def hidden(mask: np.ndarray, v: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Hidden parts of the trunk's width at its sides."""
    inside = (v >= low[:, None]) & (v <= high[:, None])
    seen_low, seen_high = _ends(mask, v)
    outer = (v < seen_low[:, None]) | (v > seen_high[:, None])
    mostly = mask.any(1) & (seen_high - seen_low > 0.5 * (high - low))
    hidden: np.ndarray = inside & outer & mostly[:, None]
    return hidden


def draped(side: np.ndarray, u: np.ndarray, hips: float) -> np.ndarray:
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


def _ends(mask: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return v[mask.argmax(1)], v[mask.shape[1] - 1 - mask[:, ::-1].argmax(1)]


def _touching(mask: np.ndarray, v: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    inside = (v >= low[:, None]) & (v <= high[:, None])
    return np.asarray((mask & inside).any(1))
