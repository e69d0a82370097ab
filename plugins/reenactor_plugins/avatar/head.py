"""The head: the rig's, fitted to the photo's face and to the outline of its hair."""

from dataclasses import dataclass, replace

import numpy as np

from reenactor_plugins.avatar.hair import Hair, find_hair
from reenactor_plugins.avatar.mane import fit_mane
from reenactor_plugins.avatar.raster import Raster, rasterise
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.skull import bake, unwrapped
from reenactor_plugins.avatar.surface import Mesh, normals, sprite_of
from reenactor_plugins.puppet.head import Head, roll
from reenactor_plugins.puppet.joints import HEAD, PuppetJoints
from reenactor_plugins.puppet.sprite import Sprite

_CONTOUR = 17
"""The first face points are the outline, which is where the rig's is only roughly."""
_CHIN = 0.114
"""How far the rig's chin is below its ears, in metres."""
_LIPS_AND_NOSE = 0.014
"""Reach of a face point's correction in metres."""
_TIP = 30
"""The face point at the tip of the nose."""
_NOD = 0.7
"""How far the driver's nods are followed."""
_SEEN = (-0.15, -0.5)
"""A normal's component towards the camera from which on, and up to which, the photo is used."""


@dataclass(frozen=True)
class HeadMesh:
    """The head's mesh and that of long hair.

    `yaw`, `pitch` and `tilt` are its own directions in the photo; `level` is the driver's pitch
    that is shown as the photo's.
    """

    mesh: Mesh
    mane: Mesh | None
    head: Head
    level: float
    yaw: float
    pitch: float
    tilt: float


def rotation(yaw: float, pitch: float, tilt: float) -> np.ndarray:
    """A head's rotation: a nod, then a turn, then a tilt in the picture; 0 faces the camera.

    Positive angles lower the nose, turn it to the picture's right, and tilt it clockwise.
    """
    (cy, sy), (cp, sp), (ct, st) = ((np.cos(a), np.sin(a)) for a in (yaw, pitch, tilt))
    nod = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    turn = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    lean = np.array([[ct, -st, 0], [st, ct, 0], [0, 0, 1]])
    result: np.ndarray = lean @ turn @ nod
    return result


def angles(matrix: np.ndarray) -> tuple[float, float, float]:
    """The inverse of `rotation`: yaw, pitch and tilt."""
    tilt = float(np.arctan2(matrix[1, 0], matrix[0, 0]))
    upright = rotation(0.0, 0.0, -tilt) @ matrix
    yaw = float(np.arctan2(upright[2, 0], upright[0, 0]))
    return yaw, float(np.arctan2(-upright[1, 2], upright[1, 1])), tilt


def fit_head(
    rig: AnnyRig, head: Head, figure: PuppetJoints, face: np.ndarray, level: float
) -> HeadMesh:
    """Fit the rig's head to the photo.

    Args:
        rig: the rig.
        head: the head that was cut out of the photo.
        figure: the photo's joints.
        face: the 70 face points on the canvas.
        level: the driver's usual pitch. Estimates of pitch have a bias of many degrees, which
            differs between photos and videos.
    """
    lean = roll(figure, head.turn)
    c, s = np.cos(lean), np.sin(lean)
    spots = (face[:, :2] - figure[HEAD]) @ np.array([[c, -s], [s, c]])
    sure = (face[:, 2] > 0.3) & (np.arange(70) < 68)
    model = rig.head.astype(np.float64)
    if sure[_CONTOUR:].sum() >= 20:
        turn, scale, shift = _aligned(model[rig.marks[sure]], spots[sure], np.flatnonzero(sure))
    else:
        turn, scale, shift = rotation(head.turn, 0.0, 0.0), head.radius / _CHIN, np.zeros(2)
    points = scale * model @ turn.T
    points[:, :2] += shift
    if sure[_CONTOUR:].sum() >= 20:
        points = _corrected(points, rig.marks[sure], spots[sure], scale)
    points = _with_hair(points, rig.scalp, head, scale)
    hair = find_hair(head.front)
    mesh = _textured(points, turn, rig, head, hair)
    return HeadMesh(mesh, fit_mane(head, hair, scale), head, level, *angles(turn))


def _aligned(
    model: np.ndarray, spots: np.ndarray, number: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray]:
    """Rotation, scale and shift that project the rig's face points on the photo's best.

    A linear fit, then the nearest rotation (scaled orthographic projection).
    """
    weight = np.where(number < _CONTOUR, 0.3, 1.0)[:, None]
    mean, centre = (np.sum(weight * a, 0) / weight.sum() for a in (model, spots))
    linear, *_ = np.linalg.lstsq(weight * (model - mean), weight * (spots - centre), rcond=None)
    u, size, vt = np.linalg.svd(linear.T, full_matrices=False)
    two = u @ vt
    turn = np.stack([two[0], two[1], np.cross(two[0], two[1])])
    scale = float(size.mean())
    return turn, scale, centre - scale * two @ mean


def _corrected(
    points: np.ndarray, marks: np.ndarray, spots: np.ndarray, scale: float
) -> np.ndarray:
    """Move the face so that its points are where the photo's are; the skull stays."""
    reach = _LIPS_AND_NOSE * scale
    ahead = np.clip(0.5 - points[:, 2] / (0.04 * scale), 0, 1)
    for _ in range(2):
        step = spots - points[marks, :2]
        size = np.linalg.norm(step, axis=1, keepdims=True)
        step = step * np.minimum(1, 0.02 * scale / np.maximum(size, 1e-6))
        away = ((points[:, None, :2] - points[None, marks, :2]) ** 2).sum(-1)
        weight = np.exp(-away / (2 * reach**2))
        moved = weight @ step / (weight.sum(1, keepdims=True) + 0.2)
        points = points.copy()
        points[:, :2] += moved * ahead[:, None]
    return points


def _with_hair(points: np.ndarray, scalp: np.ndarray, head: Head, scale: float) -> np.ndarray:
    """Let the scalp out to the outline of the hair, which at the back is as thick as around."""
    alpha = head.front.colour[..., 3] > 127
    column = head.column
    hairy = scalp > 0
    centre = np.array([np.median(points[hairy, 0]), 0.0, np.median(points[hairy, 2])])
    centre[1] = np.quantile(points[hairy, 1], 0.6)
    way = points - centre
    flat = np.hypot(way[:, 0], way[:, 1])
    angle = np.arctan2(way[:, 1], way[:, 0])
    ways = np.linspace(-np.pi, 0, 33)  # the upper half, right to left over the crown
    reach = np.linspace(0.0, 0.3 * scale, 120)
    ratio = np.ones(len(ways))
    for k, a in enumerate(ways):
        near = np.abs(np.angle(np.exp(1j * (angle - a)))) < 0.15
        edge = float(flat[near & hairy].max(initial=0))
        if edge <= 0:
            continue
        x, y = centre[0] + reach * np.cos(a), centre[1] + reach * np.sin(a)
        row = np.rint((y - column.start) * column.fine).astype(int)
        inside = (row >= 0) & (row < len(column.half))
        row = row.clip(0, len(column.half) - 1)
        at = (x - column.middle[row]) / column.half[row]
        inside &= np.abs(at) <= 1
        spot = np.rint((np.clip(at, -1, 1) + 1) * (alpha.shape[1] - 1) / 2).astype(int)
        inside &= alpha[row, spot]
        out = np.flatnonzero(inside)
        ratio[k] = np.clip(reach[out[-1]] / edge, 0.92, 1.9) if len(out) else 1.0
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    ratio = np.convolve(np.pad(ratio, 2, mode="edge"), kernel, "valid")
    mean = float(np.median(ratio))
    upper = np.where(angle > 0, np.where(angle > np.pi / 2, -np.pi, 0.0), angle)
    along = np.interp(upper, ways, ratio)
    rim = np.clip(flat / np.maximum(np.linalg.norm(way, axis=1), 1e-6), 0, 1) ** 2
    grow = mean + (along - mean) * rim
    soft = np.clip(scalp / 0.01 + 0.2, 0, 1)[:, None]
    return np.asarray(points + way * (grow[:, None] - 1) * soft)


def _textured(
    points: np.ndarray, turn: np.ndarray, rig: AnnyRig, head: Head, hair: Hair | None
) -> Mesh:
    """Lay the photo on the head."""
    outward = normals(points, rig.head_faces)
    if outward[rig.marks[_TIP], 2] > 0:
        outward = -outward
    seen = np.clip((_SEEN[0] - outward[:, 2]) / (_SEEN[0] - _SEEN[1]), 0, 1)
    column = head.column
    width = head.front.labels.shape[1]
    row = (points[:, 1] - column.start) * column.fine
    index = np.rint(row).astype(int).clip(0, len(column.half) - 1)
    at = (points[:, 0] - column.middle[index]) / column.half[index]
    spot = np.stack([(at + 1) * (width - 1) / 2, row], 1)
    layout = unwrapped(rig)
    texture = bake(
        layout, head.front, hair, head.mane is not None, spot, seen, outward @ turn, rig.scalp
    )
    return Mesh(
        np.concatenate([points, points]).astype(np.float32),
        layout.faces,
        layout.place.astype(np.float32),
        np.zeros(2 * len(points), np.float32),
        texture,
        texture,
    )


def place_head_mesh(
    fitted: HeadMesh,
    figure: PuppetJoints,
    direction: tuple[float, float],
    scale: float,
    share: float,
    size: tuple[int, int],
) -> tuple[Sprite | None, Sprite | None, Sprite | None]:
    """Draw the head looking along `direction` (turn and pitch), with opacity `share`.

    Returns:
        The hair behind the trunk, the head, and the hair before both.
    """
    turn, pitch = direction
    head = fitted.head
    # Seen from the side, a tilt is a nod, which `pitch` measures.
    facing = float(np.cos(turn)) ** 2
    here = rotation(
        fitted.yaw + turn - head.turn,
        fitted.pitch + _NOD * (pitch - fitted.level),
        fitted.tilt + facing * roll(figure, turn),
    )
    moved = here @ rotation(fitted.yaw, fitted.pitch, fitted.tilt).T

    def drawn(mesh: Mesh) -> Raster | None:
        points = mesh.points @ moved.T * scale
        points[:, :2] += figure[HEAD]
        values = np.column_stack([mesh.place, mesh.turned]).astype(np.float32)
        return rasterise(points, values, mesh.faces, size)

    own = drawn(fitted.mesh)
    skull = None if own is None else sprite_of(fitted.mesh, own, share)
    hair = None if fitted.mane is None else drawn(fitted.mane)
    if hair is None or fitted.mane is None:
        return None, skull, None
    ahead = hair.depth < 0
    behind = replace(hair, cover=hair.cover * ~ahead)
    before = replace(hair, cover=hair.cover * (ahead & (hair.depth < _depth_at(own, hair))))
    return sprite_of(fitted.mane, behind, share), skull, sprite_of(fitted.mane, before, share)


def _depth_at(raster: Raster | None, other: Raster) -> np.ndarray:
    """The depth of one drawing in the rectangle of another, infinite where it is not."""
    out = np.full_like(other.depth, np.inf)
    if raster is None:
        return out
    height, width = other.depth.shape
    y0, x0 = raster.y - other.y, raster.x - other.x
    rows = slice(max(y0, 0), min(y0 + raster.depth.shape[0], height))
    columns = slice(max(x0, 0), min(x0 + raster.depth.shape[1], width))
    if rows.stop > rows.start and columns.stop > columns.start:
        out[rows, columns] = raster.depth[
            rows.start - y0 : rows.stop - y0, columns.start - x0 : columns.stop - x0
        ]
    return out
