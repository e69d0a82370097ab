"""Rasterises triangles in orthographic projection, with OpenCV's depth buffer."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32, Int32

from reenactor_plugins.puppet.sprite import rectangle

_DISTANCE = 1.0e5
"""Distance of the camera in pixels; x and y are scaled so that nothing is foreshortened."""
_FINE = 2
"""Samples across a pixel."""
_SETTINGS = cv2.TriangleRasterizeSettings()
_SETTINGS.setShadingType(cv2.RASTERIZE_SHADING_SHADED)
_SETTINGS.setCullingMode(cv2.RASTERIZE_CULLING_NONE)


@dataclass(frozen=True)
class Raster:
    """What is nearest in a rectangle of the canvas whose corner is `x`, `y`.

    `values` and `depth`, in pixels, are valid where `cover`, the covered share of a pixel, is above
    0; `depth` is infinite elsewhere.
    """

    x: int
    y: int
    values: Float32[np.ndarray, "h w 3"]
    depth: Float32[np.ndarray, "h w"]
    cover: Float32[np.ndarray, "h w"]


def rasterise(
    points: Float[np.ndarray, "N 3"],
    values: Float32[np.ndarray, "N 3"],
    faces: Int32[np.ndarray, "F 3"],
    size: tuple[int, int],
) -> Raster | None:
    """Draw a mesh.

    Args:
        points: canvas pixels, and the depth in pixels, which grows away from the camera.
        values: what to interpolate over the faces.
        faces: corners of each triangle.
        size: height and width of the canvas.

    Returns:
        None if the mesh is off the canvas.
    """
    box = rectangle(points[:, :2], 1.0, size)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    height, width = (y1 - y0) * _FINE, (x1 - x0) * _FINE
    fine = (points - [x0, y0, points[:, 2].min()] + [0.5, 0.5, 0]) * _FINE
    away = _DISTANCE + fine[:, 2]
    corners = np.empty((len(points), 3), np.float32)
    corners[:, 0] = (fine[:, 0] - width / 2) * away / _DISTANCE
    corners[:, 1] = (height / 2 - fine[:, 1]) * away / _DISTANCE
    corners[:, 2] = -away
    picture = np.zeros((height, width, 3), np.float32)
    far = 2 * _DISTANCE
    buffer = np.full((height, width), far, np.float32)
    angle = 2 * np.arctan(height / 2 / _DISTANCE)
    cv2.triangleRasterize(
        corners, faces, values, picture, buffer, np.eye(4, dtype=np.float32),
        float(angle), _DISTANCE / 2, far, _SETTINGS,
    )  # fmt: skip
    buffer[buffer == far] = np.inf
    depth = (buffer - np.float32(_DISTANCE)) / _FINE + np.float32(points[:, 2].min())
    return _resolved(x0, y0, picture, depth)


def _resolved(x: int, y: int, picture: np.ndarray, buffer: np.ndarray) -> Raster:
    """Each pixel's share of samples that were hit, and the values of the first of these."""
    spots = [(i, j) for i in range(_FINE) for j in range(_FINE)]
    depths = [buffer[i::_FINE, j::_FINE] for i, j in spots]
    cover = np.mean([np.isfinite(depth) for depth in depths], axis=0, dtype=np.float32)
    values, depth = picture[::_FINE, ::_FINE].copy(), depths[0].copy()
    for (i, j), other in zip(spots[1:], depths[1:], strict=True):
        new = ~np.isfinite(depth) & np.isfinite(other)
        values[new] = picture[i::_FINE, j::_FINE][new]
        depth[new] = other[new]
    return Raster(x, y, values, depth, cover)
