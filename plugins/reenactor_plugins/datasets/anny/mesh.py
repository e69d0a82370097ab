"""Layers of triangles at rest: cutting along a line, smoothing, normals, putting together.

Axes are the camera's for a person who faces it: x to the person's left, y down, z to the back.
Metres.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

Points = Float[np.ndarray, "N 3"]
Values = Float[np.ndarray, " N"]
Faces = Int[np.ndarray, "F 3"]
Weights = Float[np.ndarray, "N J"]


@dataclass(frozen=True)
class Layer:
    """Something worn, or the skin itself.

    `label` (F,) the class of each face, `stuff` the number of what it is made of (a colour and a
    pattern), `coords` where that is painted, `weights` how each vertex follows the bones.
    """

    points: Points
    coords: Points
    faces: Faces
    weights: Weights
    label: Int[np.ndarray, " F"]
    stuff: int


def unit(vectors: Float[np.ndarray, "*N 3"]) -> Float[np.ndarray, "*N 3"]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def normals(points: Points, faces: Faces) -> Points:
    """Area-weighted normals of the vertices."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    out = np.zeros(points.shape)
    for k in range(3):
        for axis in range(3):
            out[:, axis] += np.bincount(faces[:, k], face[:, axis], len(points))
    return unit(out).astype(np.float32)


class Neighbours:
    """The even mean over each vertex's neighbours, again and again."""

    def __init__(self, faces: Faces, count: int) -> None:
        pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
        pairs = np.sort(pairs, axis=1).astype(np.int64)
        once, times = np.unique(pairs[:, 0] * count + pairs[:, 1], return_counts=True)
        first, second = once // count, once % count
        self.border = np.zeros(count, bool)
        self.border[first[times == 1]] = True
        self.border[second[times == 1]] = True
        self._to = np.concatenate([first, second])
        self._of = np.concatenate([second, first])
        self._count = count
        self._degree = np.maximum(np.bincount(self._to, minlength=count), 1)

    def mean(self, values: Float[np.ndarray, "N C"]) -> Float[np.ndarray, "N C"]:
        columns = [
            np.bincount(self._to, values[self._of, k], self._count) / self._degree
            for k in range(values.shape[1])
        ]
        return np.stack(columns, 1).astype(np.float32)


@dataclass(frozen=True)
class Cut:
    """A part of a mesh: each of its vertices lies between two old ones, `share` of the way."""

    first: Int[np.ndarray, " n"]
    second: Int[np.ndarray, " n"]
    share: Float[np.ndarray, " n"]
    faces: Int[np.ndarray, "f 3"]

    def take(self, values: Float[np.ndarray, "N C"]) -> Float[np.ndarray, "n C"]:
        share = self.share[:, None]
        mixed: np.ndarray = values[self.first] * (1 - share) + values[self.second] * share
        return mixed


def cut(faces: Faces, field: Values) -> Cut:
    """Keeps where `field` is above 0 and splits faces on the line, so that the hem is clean."""
    field = np.where(np.abs(field) < 1e-7, -1e-7, field)
    inside = field > 0
    count = inside[faces].sum(1)
    pieces = [np.repeat(faces[count == 3][:, :, None], 2, 2)]
    for kept in (1, 2):
        some = faces[count == kept]
        odd = inside[some] == (kept == 1)
        turn = (np.argmax(odd, 1)[:, None] + np.arange(3)) % 3
        a, b, c = np.take_along_axis(some, turn, 1).T
        if kept == 1:
            rings = [((a, a), (a, b), (a, c))]
        else:
            rings = [((a, b), (b, b), (c, c)), ((a, b), (c, c), (a, c))]
        pieces += [np.stack([np.stack(pair, 1) for pair in ring], 1) for ring in rings]
    pairs = np.concatenate(pieces).astype(np.int64)
    ends = np.sort(pairs.reshape(-1, 2), 1)
    keys, corner = np.unique(ends[:, 0] * len(field) + ends[:, 1], return_inverse=True)
    first, second = keys // len(field), keys % len(field)
    gap = field[first] - field[second]
    share = np.where(first == second, 0.0, field[first] / np.where(gap == 0, 1, gap))
    return Cut(first, second, share.astype(np.float32), corner.reshape(-1, 3))


def loft(
    grid: Float[np.ndarray, "S A 3"],
    *,
    closed: bool = True,
    caps: Bool[np.ndarray, " 2"] | None = None,
) -> tuple[Points, Faces]:
    """A skin over rings; `closed` joins each ring's ends, `caps` closes the first and last ring."""
    slices, around = grid.shape[:2]
    index = np.arange(slices * around).reshape(slices, around)
    a, b = index[:-1], index[1:]
    a2, b2 = np.roll(a, -1, 1), np.roll(b, -1, 1)
    if not closed:
        a, b, a2, b2 = (part[:, :-1] for part in (a, b, a2, b2))
    faces = [np.stack([a, b, a2], -1).reshape(-1, 3), np.stack([a2, b, b2], -1).reshape(-1, 3)]
    points = [grid.reshape(-1, 3)]
    size = slices * around
    for cap, ring, row in zip(
        caps if caps is not None else (False, False), (index[0], index[-1]), (grid[0], grid[-1]),
        strict=True,
    ):  # fmt: skip
        if cap:
            points.append(row.mean(0)[None])
            faces.append(np.stack([ring, np.roll(ring, -1), np.full(around, size)], -1))
            size += 1
    return np.concatenate(points).astype(np.float32), np.concatenate(faces)
