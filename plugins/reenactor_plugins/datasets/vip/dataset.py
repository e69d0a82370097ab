"""Videos of several people with every 25th frame labelled by hand: one shot per person."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import final

from reenactor.errors import InputError
from reenactor.runtime import Runtime
from reenactor.training import Dataset, Shot
from reenactor_plugins.datasets.people import box_of, people_in
from reenactor_plugins.datasets.reading import (
    read_frames_of,
    read_map,
    read_numbers,
    require_folder,
)
from reenactor_plugins.datasets.vip.identity import Box, tracks_of
from reenactor_plugins.datasets.vip.options import VipOptions

ADVICE = "get VIP from sysu-hcp.net/lip and unpack VIP_Fine"
LAYOUT = (
    "Images/videos1/000000000001.jpg, Annotations/Category_ids and Annotations/Human_ids alike, "
    "lists/train_id.txt"
)


@final
class Vip(Dataset[VipOptions]):
    """Labelled frames, named `videos17/000000000826`.

    People are tracked through a video by location; the labels are ours.
    """

    def __init__(self, options: VipOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        folder = options.folder
        self._categories = folder / "Annotations" / "Category_ids"
        self._humans = folder / "Annotations" / "Human_ids"
        for part in (folder / "Images", self._categories, self._humans):
            require_folder(part, LAYOUT, ADVICE)
        labelled = sorted(self._categories.glob("*/*.png"))
        names = [path.relative_to(self._categories).with_suffix("").as_posix() for path in labelled]
        if options.split != "all":
            wanted = _listed(folder / "lists" / f"{options.split}_id.txt")
            names = [name for name in names if name in wanted]
        if not names:
            raise InputError("the dataset has no frames", given=str(folder), expected=LAYOUT)
        self._names = names
        self._video = ""
        self._tracks: Mapping[str, Mapping[int, int]] = {}

    def names(self) -> Sequence[str]:
        return self._names

    def shots(self, index: int) -> Sequence[Shot]:
        name = self._names[index]
        video, frame = name.split("/")
        frames = read_frames_of(self.options.folder / "Images" / f"{name}.jpg")
        labels, humans = (
            read_map(folder / f"{name}.png", frames.size)
            for folder in (self._categories, self._humans)
        )
        who = self._people_of(video)[name]
        return [
            Shot(
                frames,
                person=f"{video}/{who[human]}",
                source=video,
                frame=int(frame),
                box=box,
                parsing=parsing,
            )
            for human, box, parsing in people_in(labels, humans, self.options.smallest)
        ]

    def _people_of(self, video: str) -> Mapping[str, Mapping[int, int]]:
        """The people of all labelled frames of a video, in any split, by frame and id."""
        if video != self._video:
            paths = sorted((self._humans / video).glob("*.png"))
            names = [f"{video}/{path.stem}" for path in paths]
            tracks = tracks_of([_boxes(path) for path in paths])
            self._video, self._tracks = video, dict(zip(names, tracks, strict=True))
        return self._tracks


def _boxes(path: Path) -> dict[int, Box]:
    """The box of each person id of a map."""
    humans = read_numbers(path)
    boxes: dict[int, Box] = {}
    for number in sorted({int(value) for value in humans.ravel()[humans.ravel() > 0]}):
        box = box_of(humans == number)
        if box is not None:
            x0, y0, x1, y1 = box[0].tolist()
            boxes[number] = x0, y0, x1, y1
    return boxes


def _listed(path: Path) -> frozenset[str]:
    """The names in a list file: one per line, with or without a suffix."""
    try:
        lines = path.read_text("utf-8").split()
    except OSError as error:
        raise InputError(
            "the list of the split is missing", given=str(path), advice="--set split=all takes all"
        ) from error
    return frozenset(line.strip("/").removesuffix(".jpg").removesuffix(".png") for line in lines)
