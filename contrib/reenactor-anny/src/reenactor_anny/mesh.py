"""Layers of triangles at rest: normals, neighbours, cutting along a line, lofting, noise."""

from dataclasses import dataclass, replace

import numpy as np
import warp as wp
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from reenactor_anny import rays

Array = NDArray[np.float64]
Faces = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Layer:
    """One thing worn, or the skin itself: a mesh at rest, its weights and its material's name.

    `label` is the class of all faces or of each (F,). `vertices` (N, 3) at rest in metres,
    `coords` (N, 3) where paint is laid, `faces` (F, 3), `weights` (N, J) how each vertex follows
    the bones, `uv` (F, 3, 2) or None, `flow` (N, 3) the direction of hair or None, `tint` (N,)
    metres inside the hairline or hem or None.
    """

    material: str
    label: int | Faces
    vertices: Array
    coords: Array
    faces: Faces
    weights: Array
    uv: Array | None = None
    flow: Array | None = None
    tint: Array | None = None

    def moved(self, vertices: Array) -> "Layer":
        return replace(self, vertices=vertices)


def unit(vectors: Array) -> Array:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def normals(vertices: Array, faces: Faces) -> Array:
    """(N, 3) area-weighted normals."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    out = np.zeros_like(vertices)
    face = np.cross(b - a, c - a)
    for k in range(3):
        for axis in range(3):
            out[:, axis] += np.bincount(faces[:, k], face[:, axis], len(vertices))
    return unit(out)


def neighbours(count: int, faces: Faces) -> csr_matrix:
    """(N, N) each row the even mean over a vertex's neighbours."""
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    rows = np.concatenate([pairs[:, 0], pairs[:, 1]])
    columns = np.concatenate([pairs[:, 1], pairs[:, 0]])
    mean = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(count, count))
    degree = np.maximum(np.asarray(mean.sum(axis=1)).ravel(), 1)
    return csr_matrix(diags(1 / degree) @ mean)


def border(faces: Faces, count: int) -> Mask:
    """(N,) which vertices lie on an open edge."""
    pairs = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    once, times = np.unique(pairs, axis=0, return_counts=True)
    out = np.zeros(count, bool)
    out[once[times == 1].ravel()] = True
    return out


@dataclass(frozen=True)
class Cut:
    """A part of a mesh: each of its vertices lies between two old ones, `share` of the way."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    share: Array
    faces: Faces

    def take(self, values: Array) -> Array:
        return np.asarray(
            values[self.first] * (1 - self.share[:, None])
            + values[self.second] * self.share[:, None]
        )


def cut(faces: Faces, field: Array) -> Cut:
    """Keeps where `field` (N,) > 0 and splits the faces on the line, so that the hem is clean."""
    field = np.where(np.abs(field) < 1e-9, -1e-9, field)
    keep: dict[tuple[int, int], int] = {}
    out: list[tuple[int, int, int]] = []

    def corner(a: int, b: int) -> int:
        key = (a, b) if a <= b else (b, a)
        return keep.setdefault(key, len(keep))

    inside = field > 0
    whole = inside[faces].sum(axis=1)
    for a, b, c in faces[whole == 3].tolist():
        out.append((corner(a, a), corner(b, b), corner(c, c)))
    for face in faces[(whole > 0) & (whole < 3)]:
        ring: list[int] = []
        for k in range(3):
            a, b = int(face[k]), int(face[(k + 1) % 3])
            if inside[a]:
                ring.append(corner(a, a))
            if inside[a] != inside[b]:
                ring.append(corner(a, b))
        out.extend((ring[0], ring[k], ring[k + 1]) for k in range(1, len(ring) - 1))
    pairs = np.array(list(keep), dtype=np.int64)
    first, second = pairs[:, 0], pairs[:, 1]
    gap = field[first] - field[second]
    share = np.where(first == second, 0.0, field[first] / np.where(gap == 0, 1, gap))
    return Cut(first, second, share, np.array(out, dtype=np.int64))


def loft(grid: Array, *, closed: bool = True, caps: bool = False) -> tuple[Array, Faces]:
    """A skin over rings (S, A, 3): `closed` joins the ends of each, `caps` close first and last."""
    slices, around = grid.shape[:2]
    index = np.arange(slices * around).reshape(slices, around)
    a, b = index[:-1], index[1:]
    a2, b2 = np.roll(a, -1, 1), np.roll(b, -1, 1)
    if not closed:
        a, b, a2, b2 = (part[:, :-1] for part in (a, b, a2, b2))
    faces = [np.stack([a, b, a2], -1).reshape(-1, 3), np.stack([a2, b, b2], -1).reshape(-1, 3)]
    points = [grid.reshape(-1, 3)]
    if caps:
        points += [grid[0].mean(0)[None], grid[-1].mean(0)[None]]
        for ring, tip in ((index[0], slices * around), (index[-1], slices * around + 1)):
            faces.append(np.stack([ring, np.roll(ring, -1), np.full(around, tip)], -1))
    return np.concatenate(points), np.concatenate(faces)


def outline(points: Array, ways: Array) -> Array:
    """(A,) the distance to the convex outline of points (n, 2) in each direction (A, 2)."""
    if len(points) < 3:
        return np.full(len(ways), 0.05)
    support = (points @ ways.T).max(axis=0)
    apart = ways @ ways.T
    distance = np.where(apart > 0.02, support[None, :] / np.maximum(apart, 0.02), np.inf)
    return np.asarray(np.maximum(distance.min(axis=1), 0.004))


def noise(points: Array, size: float, seed: int) -> Array:
    """Smooth value noise in [-1, 1] at points (N, 3); `size` is the distance of its lattice."""
    out = wp.zeros(len(points), dtype=float, device="cpu")
    cells = wp.array(np.ascontiguousarray(points / size, np.float32), dtype=wp.vec3, device="cpu")
    wp.launch(rays.lattice, dim=len(points), device="cpu", inputs=[cells, seed, out])
    return np.asarray(out.numpy().astype(np.float64))
