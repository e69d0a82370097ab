"""One person in one pose before the camera: picture, parsing, key points and dense pose."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import UInt8

from reenactor.labels import Label
from reenactor.values import Dense, Parsing, Skeleton
from reenactor_anny.dataset.figure import Figure
from reenactor_anny.dataset.keypoints import Sight, seen_skeleton, spots_of
from reenactor_anny.dataset.kinematics import pose_bones
from reenactor_anny.dataset.marks import Marks
from reenactor_anny.dataset.poses import View
from reenactor_anny.mesh import Array
from reenactor_anny.photo import photograph
from reenactor_anny.render import Camera, Lamp, Scene, Studio, Surface

HANDS = (Label.LEFT_HAND, Label.RIGHT_HAND, Label.GLOVES)
MARGIN = 0.06
"""Free space on each side, in the person's heights."""


@dataclass(frozen=True)
class Picture:
    """All that is known of one rendered person."""

    picture: UInt8[np.ndarray, "H W 3"]
    background: UInt8[np.ndarray, "H W 3"]
    parsing: Parsing
    skeleton: Skeleton
    dense: Dense


def render(
    figure: Figure,
    marks: Marks,
    view: View,
    size: tuple[int, int],
    samples: int,
    rng: np.random.Generator,
    place: np.random.Generator | None = None,
) -> Picture:
    """A picture of a person.

    Args:
        figure: who.
        marks: the model's key points.
        view: in which pose, from where.
        size: height and width of the picture.
        samples: along each side of a pixel.
        rng: how sure key points are, and light and background unless `place` draws them.
        place: light and background.
    """
    person, body = figure.person, figure.person.body
    bones = pose_bones(body, figure.trunk, view.posture)
    tilt = view.tilt.T
    posed = bones.carry(body.vertices, body.weights)
    spots = spots_of(body, bones, posed, marks)
    layers = [a.moved(bones.carry(a.vertices, a.weights) @ tilt) for a in person.layers]
    scene = Scene(layers, person.painters, figure.albedos)
    naked = Surface(posed @ tilt, body.faces)
    key = spots.all() @ tilt
    height = float(np.ptp(body.vertices[:, 2]))
    camera = _framed(np.concatenate([scene.vertices, key]), view.distance * height, size)
    labels, surface = _labels(figure, scene, camera)
    sight = Sight(
        pixels=camera.project(key) - 0.5,  # our pixels' middles are whole numbers
        depth=key[:, 1] + camera.distance,
        surface=surface,
        hands=np.isin(labels.labels[0].numpy(), HANDS),
        facing=float(-(spots.looks @ tilt)[1]),
        size=height / 1.7,
    )
    skeleton = seen_skeleton(sight, spots.body @ tilt, rng)
    seed = int(rng.integers(2**31))
    studio = _studio(place or rng)
    shot = photograph(scene, camera, studio, grid=samples, bounces=1, seed=seed, shadow=False)
    return Picture(shot.picture, shot.background, labels, skeleton, _dense(figure, naked, camera))


def _framed(points: Array, distance: float, size: tuple[int, int]) -> Camera:
    """The camera whose picture holds all points with a margin."""
    camera = Camera(size[1], size[0], distance=distance, eye=0.0)
    seen = points[:, ::2] / (points[:, 1:2] / distance + 1)
    low, high = seen.min(axis=0), seen.max(axis=0)
    wide, tall = high - low + 2 * MARGIN * (high - low)[1]
    middle = (low + high) / 2
    return replace(
        camera,
        tall=float(max(tall, wide * size[0] / size[1])),
        middle=float(middle[1]),
        aside=float(middle[0]),
    )


def _middles(camera: Camera) -> Array:
    """(H * W, 2) the middles of all pixels."""
    y, x = np.mgrid[0 : camera.height, 0 : camera.width]
    return np.stack([x.ravel(), y.ravel()], axis=1) + 0.5


def _labels(figure: Figure, scene: Scene, camera: Camera) -> tuple[Parsing, Array]:
    """The class at each pixel's middle, and how far what is seen there is; infinity for nothing."""
    hits = scene.see(camera, _middles(camera))
    seen = hits.face >= 0
    labels = np.zeros(len(seen), np.uint8)
    labels[seen] = figure.label[hits.face[seen]]
    surface = np.full(len(seen), np.inf)
    surface[seen] = hits.mix(scene.vertices[scene.faces])[:, 1] + camera.distance
    size = (camera.height, camera.width)
    return Parsing(torch.from_numpy(labels.reshape(1, *size))), surface.reshape(size)


def _dense(figure: Figure, naked: Surface, camera: Camera) -> Dense:
    """The naked body's charts, as DensePose sees bodies through clothes."""
    hits = naked.see(camera, _middles(camera))
    seen = hits.face >= 0
    part, uv = np.zeros(len(seen), np.uint8), np.zeros((len(seen), 2), np.float32)
    part[seen] = figure.charts.part[hits.face[seen]]
    uv[seen] = hits.mix(figure.charts.uv).clip(0, 1)
    size = (1, camera.height, camera.width)
    flat = torch.from_numpy(uv).T.reshape(2, *size[1:]).contiguous()
    return Dense(torch.from_numpy(part.reshape(size)), flat[None])


def _studio(rng: np.random.Generator) -> Studio:
    """A lamp somewhere in front, the sky, a background of one changing colour, perhaps a floor."""
    aim = np.array([rng.uniform(-1, 1), rng.uniform(-1.2, -0.4), rng.uniform(0.1, 1.2)])
    place = 4.5 * aim / np.linalg.norm(aim)
    strength, warm = rng.uniform(0.8, 2.4), 1 + rng.normal(0, 0.05, 3)
    lamps = [Lamp(_three(place), _three(strength * warm), float(rng.uniform(0.2, 1.2)))]
    if rng.random() < 0.5:
        lamps.append(Lamp((2.4, 2.6, 3.2), _three(rng.uniform(0.3, 1.1) * np.ones(3)), 0.6))
    sky = (0.95 - 0.2 * strength) * rng.uniform(0.8, 1.2)
    above, below = sky * (1 + rng.normal(0, 0.05, 3)), 0.6 * sky * (1 + rng.normal(0, 0.05, 3))
    ends = rng.uniform(0.15, 0.95, (2, 3)) * 0.4 + rng.uniform(0.1, 0.6, (1, 3))
    angle = rng.uniform(0, 2 * np.pi)
    floor = (rng.uniform(0.55, 0.9), rng.uniform(0.5, 1.2)) if rng.random() < 0.6 else (1.0, 1.0)

    def backdrop(camera: Camera) -> Array:
        x = np.linspace(0, 1, camera.width)[None, :, None]
        y = np.linspace(0, 1, camera.height)[:, None, None]
        share = 0.5 + 0.5 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5))
        wall = ends[0] * share + ends[1] * (1 - share)
        return np.asarray(np.where(y > floor[0], wall * floor[1], wall).clip(0, 1) ** 2.2 * 2)

    return Studio(backdrop, lamps, _three(above), _three(below))


def _three(values: Array) -> tuple[float, float, float]:
    x, y, z = np.asarray(values).tolist()
    return x, y, z
