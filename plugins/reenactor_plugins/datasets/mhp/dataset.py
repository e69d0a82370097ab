"""Photos of several people, labelled by hand, hands included: one shot per person."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import final

import torch

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor.training import Dataset, Shot
from reenactor.values import Frames, Parsing
from reenactor_plugins.datasets.mhp.classes import labels_of
from reenactor_plugins.datasets.mhp.options import MhpOptions
from reenactor_plugins.datasets.people import box_of
from reenactor_plugins.datasets.reading import read_frames_of, read_map, require_folder

ADVICE = "get MHP v2 from lv-mhp.github.io and unpack it"
LAYOUT = "images/10.jpg and parsing_annos/10_02_01.png: photo, number of people, person"
_PERSON = re.compile(r"(.+)_(\d+)_(\d+)")


@final
class Mhp(Dataset[MhpOptions]):
    """Photos named after their files, `10`, with a label file per person."""

    def __init__(self, options: MhpOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self._folder = options.folder / options.split
        for part in ("images", "parsing_annos"):
            require_folder(self._folder / part, LAYOUT, ADVICE)
        self._people: dict[str, list[tuple[int, Path]]] = {}
        for path in sorted((self._folder / "parsing_annos").glob("*.png")):
            if match := _PERSON.fullmatch(path.stem):
                self._people.setdefault(match[1], []).append((int(match[3]), path))
        if not self._people:
            raise InputError("the dataset has no labels", given=str(self._folder), expected=LAYOUT)
        self._names = sorted(self._people, key=lambda name: (len(name), name))

    def names(self) -> Sequence[str]:
        return self._names

    def shots(self, index: int) -> Sequence[Shot]:
        name = self._names[index]
        frames = read_frames_of(self._folder / "images" / f"{name}.jpg")
        found = [self._shot(frames, name, *person) for person in self._people[name]]
        shots = [shot for shot in found if shot is not None]
        if not shots:
            raise InputError(f"no person is at least {self.options.smallest} pixels tall")
        return shots

    def _shot(self, frames: Frames, name: str, number: int, path: Path) -> Shot | None:
        """One person; None if too small."""
        labels = labels_of(read_map(path, frames.size))
        box = box_of(labels)
        if box is None or float(box[0, 3] - box[0, 1]) + 1 < self.options.smallest:
            return None
        parsing = Parsing(torch.from_numpy(labels)[None])
        return Shot(frames, person=f"{name}/{number}", source=name, box=box, parsing=parsing)
