"""The dataset `anny`: rendered people whose parsing, key points and dense pose are exact."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import final

import numpy as np
import torch

from reenactor.runtime import Runtime
from reenactor.training.dataset import Dataset, Shot
from reenactor.values import Frames
from reenactor_anny.dataset.figure import Figure, Figures
from reenactor_anny.dataset.grid import pose_numbers
from reenactor_anny.dataset.poses import Poses
from reenactor_anny.dataset.scene import render
from reenactor_anny.options import AnnyOptions

KEPT = 4
"""So many dressed bodies are kept for the next items."""


@final
class AnnyPeople(Dataset[AnnyOptions]):
    """An item is one body in one pose; bodies come one after another, each with all its poses.

    A shot's `person` and `source` are the body (shape, clothes and hair), its `pose` the pose,
    which is seen by the same camera on whatever body. Every two shots of a body may be paired:
    `frame` only counts them.

    Raises (the constructor):
        InputError: a motion file cannot be read, or none holds joints in space.
    """

    def __init__(self, options: AnnyOptions, runtime: Runtime) -> None:
        self.options = options
        self.runtime = runtime
        self._poses = Poses(options)
        self._numbers = pose_numbers(options)
        self._made: Figures | None = None
        self._kept: OrderedDict[int, Figure] = OrderedDict()

    def names(self) -> Sequence[str]:
        return [
            f"body-{body:05d}/pose-{number:05d}"
            for body, numbers in enumerate(self._numbers)
            for number in numbers
        ]

    def shots(self, index: int) -> Sequence[Shot]:
        body, place = divmod(index, self.options.poses_each)
        number = self._numbers[body][place]
        rng = np.random.default_rng([self.options.seed, 3, body, number])
        size = (self.options.height, self.options.width)
        figure, marks = self._figure(body), self._figures().marks
        view = self._poses.view(number)
        scene = render(figure, marks, view, size, self.options.samples, rng)
        person = f"body-{body:05d}"
        name = f"{person}/pose-{number:05d}"
        return [
            Shot(
                picture=Frames(torch.from_numpy(scene.picture)[None], (0,), name),
                person=person,
                source=person,
                frame=place,
                pose=f"pose-{number:05d}",
                box=torch.tensor([[0.0, 0.0, size[1] - 1.0, size[0] - 1.0]]),
                parsing=scene.parsing,
                skeleton=scene.skeleton,
                dense=scene.dense if self.options.dense == "exact" else None,
                background=torch.from_numpy(scene.background)[None],
            )
        ]

    def _figures(self) -> Figures:
        if self._made is None:
            self._made = Figures(self.options.seed)
        return self._made

    def _figure(self, body: int) -> Figure:
        if body not in self._kept:
            self._kept[body] = self._figures().figure(body)
        self._kept.move_to_end(body)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[body]
