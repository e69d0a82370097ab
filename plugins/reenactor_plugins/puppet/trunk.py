"""The trunk and its clothes: a turning elliptical column.

Each row of the trunk is an ellipse. The photo shows its front; a turn slides the texture around the
ellipse and changes the row's width. The far side shows the mirror image of the front, which
continues it without a seam.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from reenactor_plugins.puppet.column import around, evenness
from reenactor_plugins.puppet.joints import PuppetJoints
from reenactor_plugins.puppet.spine import KNEE_NODE, Spine, coordinates, spine
from reenactor_plugins.puppet.sprite import Sprite, Texture, rectangle

_COARSE = 3
"""Coordinates are computed on every third pixel and interpolated."""
_WIDER = (0.6, 1.2)
"""Maximum change of a row's width by a turn, as a factor."""


@dataclass(frozen=True)
class Trunk:
    """The trunk's texture. Row r is `start + r / fine` along the spine; columns run from -1 to 1.

    `half` and `middle` are each row's half width and centre across, in canvas pixels of the photo;
    `depth` its depth over its width; `turn` its turn in the photo. `spread` is the distance of the
    knees there, and `hangs` whether a skirt or coat follows them.
    """

    texture: Texture
    marks: np.ndarray
    start: float
    fine: float
    half: np.ndarray
    middle: np.ndarray
    depth: np.ndarray
    spread: np.ndarray
    turn: float
    hangs: bool


def place_trunk(
    trunk: Trunk, figure: PuppetJoints, turn: float, scale: float, size: tuple[int, int]
) -> Sprite | None:
    """Place the trunk on the canvas, turned by `turn` radians."""
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
    cover *= _near(s, full.shape[:2])
    width = trunk.texture.labels.shape[1]
    map_x = (source + 1) * np.float32((width - 1) / 2)
    return Sprite(x0, y0, map_x, np.ascontiguousarray(full[..., 0]), trunk.texture, cover)


def _turned(trunk: Trunk, turn: float, scale: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Half width and centre of each turned row, and the shift of its texture."""

    def seen_width(angle: float) -> np.ndarray:
        width: np.ndarray = np.hypot(np.cos(angle), trunk.depth * np.sin(angle))
        return width

    def edge_angle(angle: float) -> np.ndarray:
        result: np.ndarray = np.arctan2(
            trunk.depth * np.sin(angle), np.full_like(trunk.depth, np.cos(angle))
        )
        return result

    half = trunk.half * scale * np.clip(seen_width(turn) / seen_width(trunk.turn), *_WIDER)
    delta = turn - trunk.turn
    middle = trunk.middle * scale * np.cos(delta)
    slide = edge_angle(trunk.turn) - edge_angle(turn)
    return half, middle, slide


def _near(s: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """1 around the trunk, 0 where coordinates are discontinuous."""
    near = cv2.dilate((np.abs(s) < 1.2).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    far = (np.abs(s) > 3).astype(np.uint8)
    leap = cv2.dilate(far, np.ones((3, 3), np.uint8)) > 0
    kept = (near & ~leap).astype(np.uint8)
    wide = cv2.resize(kept, None, fx=_COARSE, fy=_COARSE, interpolation=cv2.INTER_NEAREST)
    result: np.ndarray = wide[: size[0], : size[1]].astype(np.float32)
    return result


def _opened(trunk: Trunk, axis: Spine, scale: float) -> np.ndarray:
    """Widening of a skirt's rows when the knees are farther apart than in the photo."""
    wider = np.maximum(axis.spread - trunk.spread * scale, -0.3 * trunk.spread * scale)
    u = trunk.start + np.arange(len(trunk.half)) / trunk.fine
    wider[:KNEE_NODE] = 0
    opened: np.ndarray = np.interp(u, trunk.marks, wider)
    return opened
