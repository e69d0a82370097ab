"""Which triangle is nearest at each pixel: a depth buffer, as a warp kernel on the CPU."""

from dataclasses import dataclass
from typing import Any, no_type_check

import numpy as np
import warp as wp
from jaxtyping import Float, Int

Points = Float[np.ndarray, "N 3"]
Faces = Int[np.ndarray, "F 3"]

EMPTY = np.int64(2**62)
"""What the buffer holds where there is no triangle."""


@no_type_check
@wp.kernel
def keep_nearest(
    spots: wp.array(dtype=wp.vec3),
    faces: wp.array(dtype=wp.vec3i),
    height: int,
    width: int,
    nearest: wp.array(dtype=wp.int64),
):
    """Depth (31 bits) and number of the nearest triangle, as one whole number a pixel."""
    i = wp.tid()
    f = faces[i]
    a = spots[f[0]]
    b = spots[f[1]]
    c = spots[f[2]]
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    if wp.abs(area) < 1.0e-9:
        return
    x0 = wp.max(int(wp.ceil(wp.min(wp.min(a[0], b[0]), c[0]))), 0)
    x1 = wp.min(int(wp.floor(wp.max(wp.max(a[0], b[0]), c[0]))), width - 1)
    y0 = wp.max(int(wp.ceil(wp.min(wp.min(a[1], b[1]), c[1]))), 0)
    y1 = wp.min(int(wp.floor(wp.max(wp.max(a[1], b[1]), c[1]))), height - 1)
    for y in range(y0, y1 + 1):
        for x in range(x0, x1 + 1):
            px = float(x)
            py = float(y)
            u = ((b[0] - px) * (c[1] - py) - (b[1] - py) * (c[0] - px)) / area
            v = ((c[0] - px) * (a[1] - py) - (c[1] - py) * (a[0] - px)) / area
            w = 1.0 - u - v
            if u >= 0.0 and v >= 0.0 and w >= 0.0:
                depth = u * a[2] + v * b[2] + w * c[2]
                key = (wp.int64(depth * 1073741824.0) << wp.int64(32)) | wp.int64(i)
                wp.atomic_min(nearest, y * width + x, key)


@dataclass(frozen=True)
class Hits:
    """The pixels where something is: `rows`, `columns` (n,), which triangle, where in it.

    `shares` (n, 3) are the weights of the triangle's corners, true in space (not only in the
    picture).
    """

    rows: Int[np.ndarray, " n"]
    columns: Int[np.ndarray, " n"]
    face: Int[np.ndarray, " n"]
    shares: Float[np.ndarray, "n 3"]

    def mix(self, values: Float[np.ndarray, "N C"], faces: Faces) -> Float[np.ndarray, "n C"]:
        """Values of the vertices, at the pixels."""
        corners = faces[self.face]
        mixed: np.ndarray = sum(values[corners[:, k]] * self.shares[:, k : k + 1] for k in range(3))
        return mixed


def rasterise(spots: Points, faces: Faces, size: tuple[int, int]) -> Hits:
    """What is seen of a mesh.

    Args:
        spots: x and y in pixels and depth in metres from the camera's eye, above 0.
        faces: corners of the triangles; both sides are seen.
        size: height and width.
    """
    height, width = size
    near = 1 / spots[:, 2]
    low, high = near.min(), near.max()
    flat = np.column_stack([spots[:, :2], (high - near) / max(high - low, 1e-9) * 0.999])
    nearest: Any = wp.array(np.full(height * width, EMPTY), dtype=wp.int64, device="cpu")
    wp.launch(
        keep_nearest,
        dim=len(faces),
        device="cpu",
        inputs=[
            wp.array(flat.astype(np.float32), dtype=wp.vec3, device="cpu"),
            wp.array(faces.astype(np.int32), dtype=wp.vec3i, device="cpu"),
            height,
            width,
        ],
        outputs=[nearest],
    )
    keys = nearest.numpy().reshape(height, width)
    rows, columns = np.nonzero(keys < EMPTY)
    face = (keys[rows, columns] & 0xFFFFFFFF).astype(np.int64)
    a, b, c = (spots[faces[face, k]].astype(np.float64) for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    u = ((b[:, 0] - columns) * (c[:, 1] - rows) - (b[:, 1] - rows) * (c[:, 0] - columns)) / area
    v = ((c[:, 0] - columns) * (a[:, 1] - rows) - (c[:, 1] - rows) * (a[:, 0] - columns)) / area
    shares = np.stack([u, v, 1 - u - v], 1).clip(0, 1) / np.stack([a[:, 2], b[:, 2], c[:, 2]], 1)
    shares /= shares.sum(1, keepdims=True)
    return Hits(rows, columns, face, shares.astype(np.float32))
