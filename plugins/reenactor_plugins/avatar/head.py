"""The head: the rig's, fitted to the photo's face and to the outline of its hair."""

from dataclasses import dataclass

import numpy as np

from reenactor.labels import Label
from reenactor_plugins.avatar.raster import rasterise
from reenactor_plugins.avatar.rig import AnnyRig
from reenactor_plugins.avatar.surface import Mesh, normals, opaque, sprite_of
from reenactor_plugins.puppet.head import Head, roll
from reenactor_plugins.puppet.joints import HEAD, PuppetJoints
from reenactor_plugins.puppet.sprite import Sprite, Texture

_CONTOUR = 17
"""The first face points are the outline, which is where the rig's is only roughly."""
_CHIN = 0.114
"""How far the rig's chin is below its ears, in metres."""
_LIPS_AND_NOSE = 0.014
"""Reach of a face point's correction in metres."""
_SEEN = (-0.1, -0.4)
"""A normal's component towards the camera from which on, and up to which, the photo is used."""


@dataclass(frozen=True)
class HeadMesh:
    """The head's mesh; `yaw`, `pitch` and `tilt` are its own directions in the photo."""

    mesh: Mesh
    head: Head
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
    upright = rotation(0, 0, -tilt) @ matrix
    yaw = float(np.arctan2(upright[2, 0], upright[0, 0]))
    return yaw, float(np.arctan2(-upright[1, 2], upright[1, 1])), tilt


def fit_head(rig: AnnyRig, head: Head, figure: PuppetJoints, face: np.ndarray) -> HeadMesh:
    """Fit the rig's head to the photo; `face` are the 70 face points on the canvas."""
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
    outward = normals(points, rig.head_faces)[:, 2]
    if outward[rig.marks[30]] > 0:  # the tip of the nose faces the camera
        outward = -outward
    turned = np.clip((outward - _SEEN[1]) / (_SEEN[0] - _SEEN[1]), 0, 1)
    mesh = _textured(points, turned, rig, head)
    return HeadMesh(mesh, head, *angles(turn))


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
        ratio[k] = np.clip(reach[out[-1]] / edge, 0.92, 1.5) if len(out) else 1.0
    kernel = np.array([1, 2, 3, 2, 1]) / 9
    ratio = np.convolve(np.pad(ratio, 2, mode="edge"), kernel, "valid")
    mean = float(np.median(ratio))
    upper = np.where(angle > 0, np.where(angle > np.pi / 2, -np.pi, 0.0), angle)
    along = np.interp(upper, ways, ratio)
    rim = np.clip(flat / np.maximum(np.linalg.norm(way, axis=1), 1e-6), 0, 1) ** 2
    grow = mean + (along - mean) * rim
    soft = np.clip(scalp / 0.01 + 0.2, 0, 1)[:, None]
    return np.asarray(points + way * (grow[:, None] - 1) * soft)


def _textured(points: np.ndarray, turned: np.ndarray, rig: AnnyRig, head: Head) -> Mesh:
    """Two pieces side by side: skin, whose hidden side is skin, and the scalp, where it is hair."""
    front = opaque(head.front)
    face = head.front.labels == Label.FACE
    skin = opaque(head.front, face) if face.sum() > 30 else front
    hair = opaque(head.back)
    column = head.column
    height, width = front.labels.shape
    row = ((points[:, 1] - column.start) * column.fine).clip(0, height - 1)
    index = np.rint(row).astype(int)
    at = np.clip((points[:, 0] - column.middle[index]) / column.half[index], -0.97, 0.97)
    place = np.stack([(at + 1) * (width - 1) / 2, row], 1)
    hairy = (rig.scalp[rig.head_faces] > 0).all(1)
    count = len(points)
    faces = np.where(hairy[:, None], rig.head_faces + count, rig.head_faces)
    return Mesh(
        np.concatenate([points, points]).astype(np.float32),
        faces.astype(np.int32),
        np.concatenate([place, place + [width, 0]]).astype(np.float32),
        np.concatenate([turned, turned]).astype(np.float32),
        _beside(front, front),
        _beside(skin, hair),
    )


def _beside(left: Texture, right: Texture) -> Texture:
    return Texture(
        np.concatenate([left.colour, right.colour], 1),
        np.concatenate([left.labels, right.labels], 1),
    )


def place_head_mesh(
    fitted: HeadMesh,
    figure: PuppetJoints,
    direction: tuple[float, float],
    scale: float,
    share: float,
    size: tuple[int, int],
) -> Sprite | None:
    """Draw the head looking along `direction` (turn and pitch), with opacity `share`."""
    turn, pitch = direction
    head, mesh = fitted.head, fitted.mesh
    here = rotation(
        fitted.yaw + turn - head.turn,
        fitted.pitch + pitch - head.pitch,
        fitted.tilt + roll(figure, turn),
    )
    back = rotation(fitted.yaw, fitted.pitch, fitted.tilt).T
    points = mesh.points @ (here @ back).T * scale
    points[:, :2] += figure[HEAD]
    values = np.column_stack([mesh.place, mesh.turned]).astype(np.float32)
    raster = rasterise(points, values, mesh.faces, size)
    return None if raster is None else sprite_of(mesh, raster, share)
