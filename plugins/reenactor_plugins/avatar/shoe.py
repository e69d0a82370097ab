"""Shoes: a last of average shape under the ankle, which points where the driver's foot does."""

from dataclasses import dataclass

import numpy as np

from reenactor_plugins.avatar.raster import rasterise
from reenactor_plugins.avatar.surface import Mesh, grid_faces, opaque, sprite_of
from reenactor_plugins.puppet.foot import Foot
from reenactor_plugins.puppet.sprite import Sprite

_LAST = np.array([
    (-0.062, -0.050, 0.012), (-0.056, -0.015, 0.026), (-0.04, 0.015, 0.034), (-0.012, 0.03, 0.037),
    (0.020, 0.022, 0.038), (0.050, 0.000, 0.039), (0.085, -0.026, 0.043), (0.120, -0.037, 0.047),
    (0.150, -0.042, 0.046), (0.175, -0.050, 0.037), (0.190, -0.060, 0.018),
])  # fmt: skip
"""Metres ahead of the ankle; there the top's height over the ankle, and half the width."""
_SOLE = -0.075
"""Height of the sole over the ankle, in metres."""
_AROUND = 16
_USUAL = 0.046
"""Half the usual width of a shoe in metres."""


@dataclass(frozen=True)
class Shoe:
    """A shoe in metres from the ankle: ahead, down, and to the right in the picture if it points at
    the camera."""

    mesh: Mesh


def fit_shoe(foot: Foot, unit: float) -> Shoe:
    """Give the last the photo's width and texture; `unit` is pixels per metre in the photo."""
    angle = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    c, s = np.cos(angle), np.sin(angle)
    column = foot.column
    below = column.half[column.rows > 0.3 * max(column.end, 1)]
    seen = float(np.median(below)) / unit if len(below) else _USUAL
    wide = np.clip(seen / (_USUAL * (1 + abs(np.sin(foot.turn)))), 0.85, 1.3)
    ahead, top, half = (_LAST[:, [k]] for k in range(3))
    side = half * wide * np.sign(c) * np.abs(c) ** 0.7
    rise = np.where(s > 0, _SOLE + (top - _SOLE) * np.abs(s) ** 0.8, _SOLE)
    points = np.stack(np.broadcast_arrays(ahead, -rise, side), -1).reshape(-1, 3)
    # The photo looks down on a foot as far as its toes are lower than its ankle.
    reach = max(column.end / unit + _SOLE, 0.03) / float(ahead.max())
    down = points[:, 1] + np.clip(points[:, 0], 0, None) * min(reach, 0.8)
    right = points[:, 2] * np.cos(foot.turn) + points[:, 0] * np.sin(foot.turn)
    row = ((down * unit - column.start) * column.fine).clip(0, len(column.half) - 1)
    index = np.rint(row).astype(int)
    at = np.clip((right * unit - column.middle[index]) / column.half[index], -0.9, 0.9)
    width = foot.texture.labels.shape[1]
    texture = opaque(foot.texture)
    mesh = Mesh(
        points.astype(np.float32),
        grid_faces(len(_LAST), _AROUND),
        np.stack([(at + 1) * (width - 1) / 2, row], 1).astype(np.float32),
        np.zeros(len(points), np.float32),
        texture,
        texture,
    )
    return Shoe(mesh)


def place_shoe(
    shoe: Shoe,
    ankle: np.ndarray,
    way: np.ndarray,
    unit: float,
    size: tuple[int, int],
) -> Sprite | None:
    """Draw a shoe whose toe points along `way` (x, y, z in the picture)."""
    ahead = way / max(float(np.linalg.norm(way)), 1e-6)
    down = np.array([0.0, 1.0, 0.0]) - ahead * ahead[1]
    if np.linalg.norm(down) < 0.3:  # on tiptoe: the instep looks ahead
        down = down + np.array([0.0, 0.0, 0.3])
        down = down - ahead * (down @ ahead)
    down = down / np.linalg.norm(down)
    right = np.cross(ahead, down)
    mesh = shoe.mesh
    points = mesh.points @ np.stack([ahead, down, right]) * unit
    points[:, :2] += ankle
    values = np.column_stack([mesh.place, mesh.turned]).astype(np.float32)
    raster = rasterise(points, values, mesh.faces, size)
    return None if raster is None else sprite_of(mesh, raster, 1.0)
