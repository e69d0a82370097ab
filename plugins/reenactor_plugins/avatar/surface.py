"""Textured meshes: the photo on the side that it shows, a completed texture on the other."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Float32, Int32

from reenactor.ops.filling import nearest_filled
from reenactor_plugins.avatar.raster import Raster
from reenactor_plugins.puppet.photo import filled
from reenactor_plugins.puppet.sprite import Sprite, Texture, complete_texture


@dataclass(frozen=True)
class Mesh:
    """A surface in the photo's view, and where its textures are.

    `points` are canvas pixels of the photo: x right, y down, z away. `place` is each vertex's
    column and row in both textures, `turned` 0 where the photo shows it and 1 where it does not.
    """

    points: Float32[np.ndarray, "N 3"]
    faces: Int32[np.ndarray, "F 3"]
    place: Float32[np.ndarray, "N 2"]
    turned: Float32[np.ndarray, " N"]
    front: Texture
    back: Texture


def grid_faces(rows: int, around: int) -> Int32[np.ndarray, "F 3"]:
    """The triangles between closed rings of vertices."""
    index = np.arange(rows * around, dtype=np.int32).reshape(rows, around)
    a, b = index[:-1], index[1:]
    c, d = np.roll(a, -1, 1), np.roll(b, -1, 1)
    pairs = [np.stack([a, b, c], -1), np.stack([c, b, d], -1)]
    return np.concatenate([pair.reshape(-1, 3) for pair in pairs])


def normals(
    points: Float[np.ndarray, "N 3"], faces: Int32[np.ndarray, "F 3"]
) -> Float[np.ndarray, "N 3"]:
    """Unit normals, averaged over the faces at each vertex by their areas."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    each = np.cross(b - a, c - a)
    out = np.zeros((len(points), 3))
    for k in range(3):
        for axis in range(3):
            out[:, axis] += np.bincount(faces[:, k], each[:, axis], len(points))
    length = np.linalg.norm(out, axis=1, keepdims=True)
    result: np.ndarray = out / np.maximum(length, 1e-12)
    return result


def opaque(texture: Texture, known: Bool[np.ndarray, "h w"] | None = None) -> Texture:
    """A texture without holes: colours and classes spread from where they are known."""
    alpha = texture.colour[..., 3:].astype(np.float32) / 255
    solid = texture.colour[..., 3] > 200
    known = solid if known is None else known & solid
    colour = texture.colour[..., :3] / np.maximum(alpha, 1e-3)
    if not known.any():
        known = np.ones_like(solid)
    full = filled(colour.astype(np.float32), known.astype(np.float32))
    labels = nearest_filled(texture.labels, known & (texture.labels > 0))
    return complete_texture(full, np.ones_like(alpha[..., 0]), np.ones_like(alpha[..., 0]), labels)


def sprite_of(mesh: Mesh, raster: Raster, share: float) -> Sprite:
    """The mesh as drawn: a sprite whose opacity is `share`."""
    column, row, turned = (np.ascontiguousarray(raster.values[..., k]) for k in range(3))
    return Sprite(
        raster.x, raster.y, column, row, mesh.front, raster.cover * np.float32(share), mesh.back,
        turned,
    )  # fmt: skip
