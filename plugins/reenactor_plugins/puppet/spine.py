"""The trunk's axis, from the head to the feet, and coordinates along and across it."""

from dataclasses import dataclass

import numpy as np

from reenactor.joints import Joint
from reenactor_plugins.puppet.joints import ANKLE, HEAD, HIP, KNEE, SHOULDER, PuppetJoints

J = Joint
NECK_NODE, HIP_NODE, KNEE_NODE = 1, 2, 3
_TILT = 0.45
"""Maximum tilt of shoulders and hips against the axis, in radians."""


@dataclass(frozen=True)
class Spine:
    """Nodes (head, neck, hips, mid-knee, mid-ankle) and the direction across at each.

    `across` points to the picture's right for an upright person. `spread` is the distance of knees
    and ankles from the axis.
    """

    nodes: np.ndarray
    across: np.ndarray
    spread: np.ndarray

    @property
    def marks(self) -> np.ndarray:
        """Distance along the axis of each node, 0 at the neck."""
        steps = np.linalg.norm(np.diff(self.nodes, axis=0), axis=1)
        marks = np.concatenate([[0], np.cumsum(np.maximum(steps, 1))])
        result: np.ndarray = marks - marks[NECK_NODE]
        return result


def spine(figure: PuppetJoints, turn: float) -> Spine:
    """The axis of a person whose trunk is turned by `turn` radians."""
    left_right = [
        (figure[bone["left"]], figure[bone["right"]]) for bone in (SHOULDER, HIP, KNEE, ANKLE)
    ]
    knees = (left_right[2][0] + left_right[2][1]) / 2
    ankles = (left_right[3][0] + left_right[3][1]) / 2
    nodes = np.stack([figure[HEAD], figure[J.NECK], figure[J.MID_HIP], knees, ankles])
    ahead = np.diff(nodes, axis=0)
    length = np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-6)
    # A short (foreshortened) piece has an uncertain direction and uses its neighbours'.
    certain = np.clip(length / (0.2 * figure.unit), 0, 1)
    ahead = ahead / length
    ahead[0] = _mixed(ahead[1], ahead[0], 0.5)
    ahead[2:] = np.stack(
        [_mixed(np.array([0.0, 1.0]), ahead[i], float(certain[i, 0])) for i in (2, 3)]
    )
    around = [
        ahead[0], _mixed(ahead[0], ahead[1], 0.75), _mixed(ahead[1], ahead[2], 0.5),
        _mixed(ahead[2], ahead[3], 0.5), ahead[3],
    ]  # fmt: skip
    across = np.stack([np.array([d[1], -d[0]]) for d in around])
    for node, (left, right) in ((NECK_NODE, left_right[0]), (HIP_NODE, left_right[1])):
        across[node] = _tilted(across[node], left - right, turn)
    spread = np.zeros(len(nodes))
    for node, (left, right) in ((3, left_right[2]), (4, left_right[3])):
        spread[node] = abs((left - right) @ across[node]) / 2
    return Spine(nodes, across, spread)


def _mixed(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    mixed = a + share * (b - a)
    result: np.ndarray = mixed / max(float(np.linalg.norm(mixed)), 1e-6)
    return result


def _tilted(across: np.ndarray, line: np.ndarray, turn: float) -> np.ndarray:
    """Tilt `across` like the line from right to left joint, if the trunk faces the camera."""
    facing = float(np.cos(turn))
    line = line * np.sign(facing)
    ahead, aside = float(line @ across), float(across[0] * line[1] - across[1] * line[0])
    angle = np.clip(np.arctan2(aside, max(abs(ahead), 1e-6)), -_TILT, _TILT) * facing**2
    c, s = np.cos(angle), np.sin(angle)
    return np.array([c * across[0] - s * across[1], s * across[0] + c * across[1]])


def points(axis: Spine, u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y of coordinates `u` along (any shape) and `v` across."""
    marks = axis.marks
    below = np.maximum(u - marks[-1], 0)
    end = axis.nodes[-1] - axis.nodes[-2]
    end = end / max(float(np.linalg.norm(end)), 1e-6)
    result = [
        np.interp(u, marks, axis.nodes[:, k])
        + below * end[k]
        + v * np.interp(u, marks, axis.across[:, k])
        for k in (0, 1)
    ]
    return result[0], result[1]


def coordinates(
    axis: Spine, marks: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The inverse of `points`: u and v of canvas pixels, with rows numbered by `marks`.

    Between two nodes, rows are straight lines whose direction changes linearly, so the row through
    a pixel is the root of a quadratic. `v` is infinite where there is no row.
    """
    u = np.zeros(x.shape)
    v = np.full(x.shape, np.inf)
    last = len(axis.nodes) - 2
    for i in range(last + 1):
        start, step = axis.nodes[i], axis.nodes[i + 1] - axis.nodes[i]
        length = float(np.hypot(*step))
        if length < 1:
            continue
        row, change = axis.across[i], axis.across[i + 1] - axis.across[i]
        ax, ay = x - start[0], y - start[1]
        c = ax * row[1] - ay * row[0]
        b = ax * change[1] - ay * change[0] - (step[0] * row[1] - step[1] * row[0])
        a = -(step[0] * change[1] - step[1] * change[0])
        t = _root(a, b, c)
        passed = np.isfinite(t)
        t = np.where(passed, t, 0)
        upper = np.inf if i == last else 1.0 + 1e-9
        lower = -np.inf if i == 0 else -1e-9
        tc = np.minimum(t, 1)
        across_x, across_y = row[0] + tc * change[0], row[1] + tc * change[1]
        px, py = ax - t * step[0], ay - t * step[1]
        lateral = (px * across_x + py * across_y) / np.maximum(across_x**2 + across_y**2, 0.1)
        better = passed & (t >= lower) & (t <= upper) & (np.abs(lateral) < np.abs(v))
        span = marks[i + 1] - marks[i]
        here = marks[i] + np.minimum(t, 1) * span + np.maximum(t - 1, 0) * length
        u, v = np.where(better, here, u), np.where(better, lateral, v)
    return u, v


def _root(a: float, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """The root of a t^2 + b t + c nearest to that of its linear part."""
    inside = np.maximum(b * b - 4 * a * c, 0)
    q = -(b + np.where(b >= 0, 1, -1) * np.sqrt(inside)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.where(np.abs(q) > 1e-9, c / q, np.inf)
    result: np.ndarray = root
    return result
