"""Photos of several people, labelled by hand: one shot per person."""

from collections.abc import Sequence
from typing import final

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor.training import Dataset, Shot
from reenactor_plugins.datasets.cihp.options import CihpOptions
from reenactor_plugins.datasets.people import people_in
from reenactor_plugins.datasets.reading import read_frames_of, read_map, require_folder

ADVICE = "get CIHP from sysu-hcp.net/lip and unpack it"
LAYOUT = "Images/0000006.jpg, Category_ids/0000006.png and Human_ids/0000006.png"


@final
class Cihp(Dataset[CihpOptions]):
    """Photos named after their files, `0000006`. The labels are ours."""

    def __init__(self, options: CihpOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        self._folder = options.folder / options.split
        for part in ("Images", "Category_ids", "Human_ids"):
            require_folder(self._folder / part, LAYOUT, ADVICE)
        self._names = sorted(path.stem for path in (self._folder / "Images").glob("*.jpg"))
        if not self._names:
            raise InputError("the dataset has no photos", given=str(self._folder), expected=LAYOUT)

    def names(self) -> Sequence[str]:
        return self._names

    def shots(self, index: int) -> Sequence[Shot]:
        name = self._names[index]
        frames = read_frames_of(self._folder / "Images" / f"{name}.jpg")
        labels, humans = (
            read_map(self._folder / part / f"{name}.png", frames.size)
            for part in ("Category_ids", "Human_ids")
        )
        return [
            Shot(frames, person=f"{name}/{human}", source=name, box=box, parsing=parsing)
            for human, box, parsing in people_in(labels, humans, self.options.smallest)
        ]
