"""One picture: the person over the backdrop, a shadow on the floor, many samples a pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

from reenactor_anny.mesh import Array, unit
from reenactor_anny.render import Camera, Scene, Shot, Studio, film


def photograph(
    scene: Scene,
    camera: Camera,
    studio: Studio,
    *,
    grid: int = 4,
    bounces: int = 2,
    seed: int = 1,
    shadow: bool = True,
) -> Shot:
    """One picture; `grid` squared samples a pixel; a `shadow` on the floor at z=0 or none."""
    height, width = camera.height, camera.width
    back = studio.backdrop(camera)
    if shadow:
        back = back * _shadow(scene, camera, studio, seed)[:, :, None]
    corner = (np.arange(grid) + 0.5) / grid
    oy, ox = (a.ravel() for a in np.meshgrid(corner, corner, indexing="ij"))
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float64)
    near = _near(scene, camera, base)
    base = base[near]
    hashes = np.random.default_rng(seed).random((height * width, 2))[near]
    light = np.zeros((len(base), 3))
    cover = np.zeros(len(base))
    for k in range(grid * grid):
        hits = scene.see(camera, base + np.array([ox[k], oy[k]]))
        seen = np.flatnonzero(hits.face >= 0)
        cover[seen] += 1
        faces, corners = hits.face[seen], hits.corners[seen]
        shade = scene.shade(faces, corners, camera, studio, bounces, k, hashes[seen])
        light[seen] += np.minimum(shade, 4.0)
    whole = np.zeros(height * width)
    whole[near] = cover / grid**2
    front = np.zeros((height * width, 3))
    front[near] = light / grid**2
    mixed = front.reshape(height, width, 3) + back * (1 - whole.reshape(height, width, 1))
    grain = np.random.default_rng(seed).triangular(-1, 0, 1, (height, width, 1))
    picture, background = (
        (film(light * studio.exposure) * 255 + 0.5 + grain).clip(0, 255).astype(np.uint8)
        for light in (mixed, back)
    )
    return Shot(picture, background)


def _near(scene: Scene, camera: Camera, base: Array) -> NDArray[np.int64]:
    """Which pixels lie within three of the person (asked at their middles)."""
    mask = (
        (scene.see(camera, base + 0.5).face >= 0)
        .reshape(camera.height, camera.width)
        .astype(np.uint8)
    )
    return np.flatnonzero(cv2.dilate(mask, np.ones((7, 7), np.uint8)).ravel())


def _shadow(scene: Scene, camera: Camera, studio: Studio, seed: int) -> Array:
    """(H, W) how much of its light the floor keeps with the person there."""
    height, width = camera.height // 2, camera.width // 2
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x.ravel(), y.ravel()], axis=1) * 2.0 + 1
    aim = camera.aim(pixels)
    steps = -camera.eye / np.minimum(aim[:, 2], -1e-6)
    spot = camera.place + aim * steps[:, None]
    on_floor = np.flatnonzero(
        (aim[:, 2] < 0) & (np.abs(spot[:, 0]) < 2) & (np.abs(spot[:, 1]) < 1.8)
    )
    if not len(on_floor):
        return np.ones((camera.height, camera.width))
    spot = np.repeat(spot[on_floor], 16, axis=0)
    up = np.broadcast_to([0.0, 0.0, 1.0], spot.shape)
    zero = np.zeros_like(spot)
    view = unit(spot - camera.place)
    hashes = np.random.default_rng(seed).random((len(spot), 2))
    got, _ = scene.lit(spot, up, up, view, zero, np.ones(len(spot)), studio, 2, 0, hashes)
    got = got.mean(axis=1).reshape(-1, 16).mean(axis=1)
    free = np.zeros(len(on_floor))
    place = spot[::16]
    for lamp in studio.lamps:
        aim_ = np.array(lamp.place) - place
        free += np.mean(lamp.glow) * aim_[:, 2] / np.linalg.norm(aim_, axis=1)
    free += np.mean(studio.above) * (2 / 3 + 0.0) * 1.12 + np.mean(studio.below) / 3 * 0.55
    ratio = np.ones(height * width)
    ratio[on_floor] = got / free
    ratio[on_floor] /= np.percentile(ratio[on_floor], 90)
    away = np.hypot(place[:, 0] / 1.5, place[:, 1] / 1.3)
    fade = np.clip((1 - away) / 0.6, 0, 1)
    ratio[on_floor] = 1 + (ratio[on_floor] - 1) * fade
    small = cv2.GaussianBlur(ratio.clip(0, 1).reshape(height, width), (0, 0), 1.5)
    return np.asarray(cv2.resize(small, (camera.width, camera.height)))
