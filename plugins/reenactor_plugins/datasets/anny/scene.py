"""One person in one pose before the camera: picture, parsing, key points and dense pose."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8

from reenactor.ops.windows import around, extents
from reenactor.values import Dense, Parsing, Skeleton
from reenactor_plugins.datasets.anny import look
from reenactor_plugins.datasets.anny.figure import Figure
from reenactor_plugins.datasets.anny.keypoints import Sight, seen_skeleton, spots_of
from reenactor_plugins.datasets.anny.kinematics import pose_bones
from reenactor_plugins.datasets.anny.marks import Marks
from reenactor_plugins.datasets.anny.mesh import normals
from reenactor_plugins.datasets.anny.poses import View
from reenactor_plugins.datasets.anny.raster import Hits, rasterise
from reenactor_plugins.datasets.anny.turning import unit_vector

FINE = 2
"""How many samples a pixel's side has, for colours."""


@dataclass(frozen=True)
class Scene:
    """All that is known of one rendered person."""

    picture: UInt8[np.ndarray, "H W 3"]
    background: UInt8[np.ndarray, "H W 3"]
    parsing: Parsing
    skeleton: Skeleton
    dense: Dense


@dataclass(frozen=True)
class _Camera:
    """Pixels = focal * (x, y) / z + offset."""

    focal: float
    offset: Float[np.ndarray, " 2"]

    def see(self, points: Float[np.ndarray, "N 3"]) -> Float[np.ndarray, "N 3"]:
        """x and y in pixels, and the depth."""
        xy = self.focal * points[:, :2] / points[:, 2:] + self.offset
        return np.concatenate([xy, points[:, 2:]], 1)

    def finer(self, times: int) -> "_Camera":
        """The same view on a grid that many times as fine."""
        return _Camera(self.focal * times, (self.offset + 0.5) * times - 0.5)


def render(
    figure: Figure, marks: Marks, view: View, size: tuple[int, int], rng: np.random.Generator
) -> Scene:
    """Args:
    figure: who.
    marks: the model's key points.
    view: in which pose, from where.
    size: height and width of the picture.
    rng: light, background and how sure key points are.
    """
    body = figure.body
    bones = pose_bones(body, figure.trunk, view.posture)
    posed = bones.carry(figure.points, figure.weights)
    spots = spots_of(body, bones, posed, marks)
    height = float(np.ptp(body.points[:, 1]))
    away = np.array([0, 0, view.distance * height])
    points = posed @ view.tilt.T + away
    key = spots.all() @ view.tilt.T + away
    camera = _framed(key, points, size)
    seen, count = camera.see(points), len(body.points)
    hits = rasterise(seen, figure.faces, size)
    surface = np.full(size, np.inf)
    surface[hits.rows, hits.columns] = hits.mix(seen[:, 2:], figure.faces)[:, 0]
    labels = np.zeros(size, np.uint8)
    labels[hits.rows, hits.columns] = figure.label[hits.face]
    key_seen = camera.see(key)
    sight = Sight(
        key_seen[:, :2], key_seen[:, 2], surface, float(-(view.tilt @ spots.looks)[2]), height / 1.7
    )
    world = spots.body @ view.tilt.T
    picture, background = _picture(figure, points, camera, size, rng)
    return Scene(
        picture,
        background,
        Parsing(torch.from_numpy(labels)[None]),
        seen_skeleton(sight, world, rng),
        _dense(figure, seen[:count], size),
    )


def _framed(
    key: Float[np.ndarray, "137 3"], points: Float[np.ndarray, "N 3"], size: tuple[int, int]
) -> _Camera:
    """The camera whose picture is what `reenactor.ops.windows.around` would crop.

    What clothes and hair reach beyond the key points' box is inside as well.
    """
    plain = _Camera(1000.0, np.zeros(2))
    every = torch.from_numpy(np.column_stack([plain.see(key)[:, :2], np.ones(len(key))])).float()
    whole = Skeleton(every[None, :25], every[None, 25:67].reshape(1, 2, 21, 3), every[None, 67:])
    box = extents(whole)
    seen = torch.from_numpy(plain.see(points)[:, :2]).float()
    box[0, :2] = torch.minimum(box[0, :2], seen.amin(0))
    box[0, 2:] = torch.maximum(box[0, 2:], seen.amax(0))
    x0, y0, x1, _ = around(box, size).box[0].tolist()
    scale = size[1] / (x1 - x0)
    return _Camera(1000.0 * scale, np.array([-x0 * scale - 0.5, -y0 * scale - 0.5]))


def _dense(figure: Figure, seen: Float[np.ndarray, "V 3"], size: tuple[int, int]) -> Dense:
    """The naked body's charts, as DensePose sees bodies through clothes."""
    faces = figure.body.faces
    hits = rasterise(seen, faces, size)
    part, uv = np.zeros(size, np.uint8), np.zeros((2, *size), np.float32)
    part[hits.rows, hits.columns] = figure.charts.part[hits.face]
    mixed = (figure.charts.uv[hits.face] * hits.shares[:, :, None]).sum(1)
    uv[:, hits.rows, hits.columns] = mixed.T
    return Dense(torch.from_numpy(part)[None], torch.from_numpy(uv)[None])


def _picture(
    figure: Figure,
    points: Float[np.ndarray, "N 3"],
    camera: _Camera,
    size: tuple[int, int],
    rng: np.random.Generator,
) -> tuple[UInt8[np.ndarray, "H W 3"], UInt8[np.ndarray, "H W 3"]]:
    """The person before a plain background, and the background alone."""
    background = _background(size, rng)
    fine = (size[0] * FINE, size[1] * FINE)
    hits = rasterise(camera.finer(FINE).see(points), figure.faces, fine)
    colour = _shaded(figure, points, hits, rng)
    picture = background.repeat(FINE, 0).repeat(FINE, 1)
    picture[hits.rows, hits.columns] = colour
    picture = picture.reshape(size[0], FINE, size[1], FINE, 3).mean((1, 3))
    noise = rng.normal(0, 0.008, picture.shape)
    return _bytes(picture + noise), _bytes(background + noise)


def _shaded(
    figure: Figure, points: Float[np.ndarray, "N 3"], hits: Hits, rng: np.random.Generator
) -> Float[np.ndarray, "n 3"]:
    """Paint under one lamp and the sky."""
    outward = hits.mix(normals(points, figure.faces), figure.faces)
    outward *= np.where(outward[:, 2:] > 0, -1, 1)  # the side that is seen
    lamp = unit_vector(
        np.array([rng.uniform(-1, 1), rng.uniform(-1.2, -0.2), rng.uniform(-1.2, -0.5)])
    )
    coords = hits.mix(figure.coords, figure.faces)
    albedo = look.paint(figure.stuffs, figure.stuff[hits.face], coords)
    tint = hits.mix(figure.tint, figure.faces)
    share = np.where(figure.stuff[hits.face] == 0, tint[:, 3], 0)[:, None]
    albedo = albedo * (1 - share) + tint[:, :3] / np.maximum(tint[:, 3:], 1e-3) * share
    strength = rng.uniform(0.4, 0.8)
    light = (1 - strength) * (0.85 - 0.15 * outward[:, 1]) + strength * np.clip(
        outward @ lamp, 0, 1
    )
    warm = 1 + rng.normal(0, 0.03, 3)
    return np.asarray(albedo * (0.15 + light[:, None]) * warm)


def _background(size: tuple[int, int], rng: np.random.Generator) -> Float[np.ndarray, "H W 3"]:
    """One colour that changes over the picture, and perhaps a floor."""
    ends = rng.uniform(0.15, 0.95, (2, 3)) * 0.4 + rng.uniform(0.1, 0.6, (1, 3))
    x, y = np.linspace(0, 1, size[1])[None], np.linspace(0, 1, size[0])[:, None]
    angle = rng.uniform(0, 2 * np.pi)
    share = (0.5 + 0.5 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)))[..., None]
    wall = ends[0] * share + ends[1] * (1 - share)
    if rng.random() < 0.6:
        floor = y[..., None] > rng.uniform(0.55, 0.9)
        wall = np.where(floor, wall * rng.uniform(0.5, 1.2), wall)
    return np.asarray(np.broadcast_to(wall, (*size, 3)).clip(0, 1)).copy()


def _bytes(picture: Float[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "H W 3"]:
    return (picture.clip(0, 1) * 255 + 0.5).astype(np.uint8)
