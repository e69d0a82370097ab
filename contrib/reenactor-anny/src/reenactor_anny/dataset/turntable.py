"""The dataset `turntable`: a photo of each person, and the same person in poses at every yaw.

It is made to measure on: pixels, labels, key points, hands and yaws are exact.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import final

import numpy as np
import torch

from reenactor.runtime import Runtime
from reenactor.training.dataset import Dataset, Shot
from reenactor.values import Frames, Skeleton
from reenactor_anny.dataset.figure import Figure, Figures, Wanted
from reenactor_anny.dataset.poses import View
from reenactor_anny.dataset.posture import Limits, Posture, made_up
from reenactor_anny.dataset.scene import render
from reenactor_anny.dataset.wardrobe import Outfit
from reenactor_anny.mesh import Array
from reenactor_anny.options import TurntableOptions
from reenactor_anny.turning import CAMERA, DOWN, LEFT, about

STANDING: Limits = {
    "bend": (-4, 4), "side": (-4, 4), "twist": (-8, 8), "look": (-15, 15), "nod": (-6, 8),
    "arm": (10, 35), "swing": (-15, 30), "elbow": (5, 40), "flex": (-4, 6), "knee": (1, 6),
}  # fmt: skip
"""As people stand for a photo."""

AGES = (0.67, 0.72, 0.30, 0.60, 0.95, 0.67, 0.85, 0.42)
"""Child to elder; see `phenotype`."""
WEIGHTS = (0.45, 0.95, 0.15, 0.65, 1.2, 0.3, 0.8)
FEMININE: tuple[Outfit, ...] = ("trousers", "dress", "skirt", "dress", "shorts", "skirt")
MASCULINE: tuple[Outfit, ...] = ("trousers", "shorts", "trousers")
COATED = 4
"""One of so many people wears a coat."""
APART = 1000
"""The pictures of a take are so many frames apart: no pose follows from the one before."""


@final
class Turntable(Dataset[TurntableOptions]):
    """An item is one picture; people come one after another, each with the photo first.

    All pictures of a person are one take in one light, its photo is marked, and each says its
    yaw. The dense pose is left to the estimator, which a pipeline would ask too.
    """

    def __init__(self, options: TurntableOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self._made: Figures | None = None
        self._latest: tuple[int, Figure] | None = None

    def names(self) -> Sequence[str]:
        views = [f"view-{number:03d}" for number in range(self.options.views)]
        return [
            f"person-{person:03d}/{view}"
            for person in range(self.options.people)
            for view in ("photo", *views)
        ]

    def shots(self, index: int) -> Sequence[Shot]:
        number, place = divmod(index, self.options.views + 1)
        figure, marks = self._figure(number), self._figures().marks
        rng = np.random.default_rng([self.options.seed, 4, number, place])
        size = (self.options.height, self.options.width)
        view = _photo(rng, self.options.photo_yaw) if place == 0 else self._view(rng, number, place)
        light = np.random.default_rng([self.options.seed, 6, number])
        scene = render(figure, marks, view, size, self.options.samples, rng, light)
        person, name = f"person-{number:03d}", self.names()[index]
        return [
            Shot(
                picture=Frames(torch.from_numpy(scene.picture)[None], (0,), name),
                person=person,
                source=person,
                frame=place * APART,
                yaw=float(scene.skeleton.yaw[0]),
                photo=place == 0,
                box=torch.tensor([[0.0, 0.0, size[1] - 1.0, size[0] - 1.0]]),
                parsing=scene.parsing,
                skeleton=scene.skeleton,
                background=torch.from_numpy(scene.background)[None],
            )
        ]

    def _view(self, rng: np.random.Generator, number: int, place: int) -> View:
        """Each person's yaws are drawn one from each part of 0 to 180; sides take turns."""
        order = np.random.default_rng([self.options.seed, 5, number]).permutation(
            self.options.views
        )
        part = int(order[place - 1])
        yaw = 180 * (part + rng.uniform()) / self.options.views
        side = 1 if (part + number) % 2 else -1
        posture = made_up(rng)
        if rng.random() < 0.5:
            posture = posture.mirrored()
        return _seen(posture, side * yaw, rng)

    def _figures(self) -> Figures:
        if self._made is None:
            self._made = Figures(self.options.seed)
        return self._made

    def _figure(self, number: int) -> Figure:
        if self._latest is None or self._latest[0] != number:
            self._latest = number, self._figures().figure(number, wanted(number))
        return self._latest[1]


def wanted(number: int) -> Wanted:
    """Who comes when: ages, weights, sexes and outfits take turns, each at a pace of its own."""
    feminine = number % 2 == 0
    outfits = FEMININE if feminine else MASCULINE
    return Wanted(
        traits={
            "age": AGES[number // 2 % len(AGES)],
            "weight": WEIGHTS[number % len(WEIGHTS)],
            "gender": 0.95 if feminine else 0.05,
        },
        outfit=outfits[number // 2 % len(outfits)],
        coat=number % COATED == (number // COATED) % COATED,
    )


def _photo(rng: np.random.Generator, most: float) -> View:
    return _seen(made_up(rng, STANDING), float(rng.uniform(-most, most)), rng)


def _seen(posture: Posture, yaw: float, rng: np.random.Generator) -> View:
    """The posture with its trunk turned to a yaw, from a camera at some height and distance."""
    turned = posture.seen_from(about(DOWN, _yaw(posture.joints) - yaw))
    return View(turned, about(LEFT, float(rng.normal(2, 4))), float(rng.uniform(2.5, 5.0)))


def _yaw(joints: Array) -> float:
    world = torch.from_numpy(joints @ CAMERA.T).float()[None]
    return float(replace(Skeleton.empty(1), world=world).yaw[0])
