"""A dataset of red people before a green wall, and components that know such people."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from reenactor import api
from reenactor.catalog import Catalog, ComponentEntry, DatasetEntry, Provider
from reenactor.errors import InputError
from reenactor.joints import Joint
from reenactor.manifest import ComponentInfo, DatasetInfo, Facet, Role
from reenactor.options import NoOptions, Options
from reenactor.progress import Silent
from reenactor.roles import (
    BodyGenerator,
    DenseEstimator,
    Footage,
    FrameRenderer,
    Inpainter,
    Parser,
    SkeletonEstimator,
)
from reenactor.runtime import Runtime
from reenactor.training import Dataset, Shot
from reenactor.values import (
    Dense,
    Frames,
    Layer,
    Motion,
    Parsing,
    People,
    Pose,
    Skeleton,
    Target,
)
from reenactor.weights import WeightStore

WALL, RED = (40, 160, 60), (220, 30, 30)
SIZE = (160, 200)
JOINTS = {
    Joint.NOSE: (0.5, 0.08), Joint.NECK: (0.5, 0.2), Joint.MID_HIP: (0.5, 0.5),
    Joint.R_SHOULDER: (0.2, 0.22), Joint.L_SHOULDER: (0.8, 0.22),
    Joint.R_HIP: (0.35, 0.5), Joint.L_HIP: (0.65, 0.5),
    Joint.R_KNEE: (0.35, 0.75), Joint.L_KNEE: (0.65, 0.75),
    Joint.R_ANKLE: (0.35, 0.98), Joint.L_ANKLE: (0.65, 0.98),
}  # fmt: skip
"""Each joint's place in the person's box."""

UNREADABLE, EMPTY, CROWD, KNOWN, NOBODY = 3, 4, 5, 6, 7
"""Items that are not one person of whom nothing is known."""


def picture(index: int, *columns: int) -> Frames:
    """People 24 pixels wide and 100 tall at these columns."""
    pixels = torch.tensor(WALL, dtype=torch.uint8).expand(*SIZE, 3).clone()
    for column in columns:
        pixels[30:130, column : column + 24] = torch.tensor(RED, dtype=torch.uint8)
    return Frames(pixels[None], (0,), f"p{index}")


def skeleton_in(x0: float, y0: float, x1: float, y1: float) -> Skeleton:
    skeleton = Skeleton.empty(1)
    for joint, (across, down) in JOINTS.items():
        place = [x0 + across * (x1 - x0), y0 + down * (y1 - y0), 1.0]
        skeleton.body[0, joint] = torch.tensor(place)
    skeleton.face[0, :17, 0] = x0 + (x1 - x0) * torch.linspace(0.3, 0.7, 17)
    skeleton.face[0, :17, 1] = y0 + 0.1 * (y1 - y0)
    skeleton.face[0, :17, 2] = 1
    return skeleton


class WallOptions(Options):
    """How many items there are, and how long each takes."""

    items: int = 10
    pause: float = 0.0
    odd_names: bool = False


class Wall(Dataset[WallOptions]):
    def __init__(self, options: WallOptions, runtime: Runtime) -> None:
        super().__init__(options, runtime)
        if options.items == 0:
            raise InputError("there is no wall")

    def names(self) -> Sequence[str]:
        space = " " if self.options.odd_names else "-"
        return [f"row{index // 5}/item{space}{index}" for index in range(self.options.items)]

    def notes(self) -> Sequence[str]:
        return ["the wall is old"]

    def shots(self, index: int) -> Sequence[Shot]:
        time.sleep(self.options.pause)
        if index == UNREADABLE:
            raise InputError("the photo is torn")
        if index == EMPTY:
            return []
        if index == NOBODY:
            return [Shot(picture(index), "nobody", "s")]
        if index == CROWD:
            boxes = [torch.tensor([[x, 30.0, x + 23, 129]]) for x in (20.0, 120.0, 180)]
            return [
                Shot(picture(index, 20, 120), f"c{n}", "s", box=box) for n, box in enumerate(boxes)
            ]
        if index == KNOWN:
            return [known(index)]
        shown = picture(index, 30 + 10 * index)
        return [Shot(shown, "walker", "walk", frame=index, pose="upright")]


def known(index: int) -> Shot:
    """A person with everything given: all of it different from what would be found."""
    shown = picture(index, 80)
    labels = torch.zeros(1, *SIZE, dtype=torch.uint8)
    labels[:, 30:130, 80:104] = 7
    part = (labels > 0).to(torch.uint8) * 15
    uv = torch.where(part[:, None] > 0, torch.tensor([0.2, 0.6]).view(1, 2, 1, 1), 0.0)
    return Shot(
        shown,
        "known",
        "k",
        parsing=Parsing(labels),
        skeleton=skeleton_in(82.0, 32, 101, 127),
        dense=Dense(part, uv.float()),
        background=torch.full((1, *SIZE, 3), 99, dtype=torch.uint8),
    )


def red(frames: Frames) -> torch.Tensor:
    """Where people are: `(H, W)`."""
    return (frames.pixels[0].int() - torch.tensor(WALL)).abs().amax(-1) > 60


class Finder(SkeletonEstimator[NoOptions]):
    """Finds everybody who is red, from left to right."""

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        columns = torch.nonzero(red(frames).any(0)).ravel().tolist()
        boxes = []
        for first in (x for x in columns if x - 1 not in columns):
            last = first
            while last + 1 in columns:
                last += 1
            rows = torch.nonzero(red(frames)[:, first]).ravel()
            boxes.append([float(first), float(rows.min()), float(last), float(rows.max())])
        if not boxes:
            return (People.nobody(),)
        skeleton = Skeleton.joined([skeleton_in(*box) for box in boxes])
        return (People(skeleton, torch.ones(len(boxes)), torch.tensor(boxes)),)


class Labels(Parser[NoOptions]):
    """The one whose neck is there: shirt above, pants below."""

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        x = round(float(skeleton.body[0, Joint.NECK, 0]))
        labels = red(frames).to(torch.uint8)[None] * 5
        labels[:, 80:][labels[:, 80:] > 0] = 9
        labels[..., : max(x - 15, 0)] = 0
        labels[..., x + 15 :] = 0
        return Parsing(labels)


class Doll(DenseEstimator[NoOptions]):
    def dense(self, frames: Frames, skeleton: Skeleton) -> Dense:
        part = red(frames).to(torch.uint8)[None] * 2
        return Dense(part, (part[:, None] > 0).float().expand(-1, 2, -1, -1) * 0.4)


class Filler(Inpainter[NoOptions, None]):
    def prepare(self, footage: Footage) -> None:
        return None

    def inpaint(self, prepared: None, frames: Frames, holes: torch.Tensor) -> Frames:
        pixels = torch.where(holes[..., None], torch.tensor(WALL, dtype=torch.uint8), frames.pixels)
        return Frames(pixels, frames.index, frames.name)


class Copier(BodyGenerator[NoOptions, None]):
    def prepare(self, target: Target, motion: Motion) -> None:
        return None

    def generate(self, prepared: None, pose: Pose) -> Parsing:
        raise NotImplementedError


class Painter(FrameRenderer[NoOptions, None]):
    def prepare(self, target: Target, motion: Motion) -> None:
        return None

    def render(self, prepared: None, pose: Pose, body: Parsing | None, past: Layer | None) -> Layer:
        raise NotImplementedError


def info(role: Role, name: str, *provides: Facet) -> ComponentInfo:
    target = f"prepare_parts:{name}"
    options = "reenactor.options:NoOptions"
    return ComponentInfo(
        role, name.lower(), target, options, "a test", "MIT", provides=frozenset(provides)
    )


PROVIDER = Provider("test", "1", "test", "prepare_parts")
COMPONENTS = (
    info(Role.POSE_ESTIMATOR, "Finder", Facet.SKELETON),
    info(Role.POSE_ESTIMATOR, "Doll", Facet.DENSE),
    info(Role.PARSER, "Labels", Facet.PARSING),
    info(Role.INPAINTER, "Filler"),
    info(Role.BODY_GENERATOR, "Copier", Facet.BODY),
    info(Role.FRAME_RENDERER, "Painter"),
)
WALL_INFO = DatasetInfo("wall", "prepare_parts:Wall", "prepare_parts:WallOptions", "a test", "MIT")
NO_DATASET = DatasetInfo("odd", "json:dumps", "reenactor.options:NoOptions", "a test", "MIT")
CATALOG = Catalog(
    tuple(ComponentEntry(one, PROVIDER) for one in COMPONENTS),
    datasets=(DatasetEntry(WALL_INFO, PROVIDER), DatasetEntry(NO_DATASET, PROVIDER)),
)
SPEC = """\
version: 1
parser: labels
pose_estimator: [finder, doll]
inpainter: filler
body_generator: copier
frame_renderer: painter
"""


def setup_in(folder: Path) -> api.Setup:
    store = WeightStore(folder / "weights", offline=True)
    return api.Setup(device="cpu", cache=folder, catalog=CATALOG, weights=store)


def main(folder: Path, pause: float) -> None:
    """Prepare slowly, in a process that can be killed."""
    from reenactor.training.prepare import PrepareRequest, prepare

    (folder / "wall.yaml").write_text(SPEC, encoding="utf-8")
    options = (f"pause={pause}",)
    spec = str(folder / "wall.yaml")
    request = PrepareRequest("wall", folder / "out", options, spec, canvas=(128, 80), per_shard=4)
    prepare(setup_in(folder), request, Silent())


if __name__ == "__main__":
    sys.modules["prepare_parts"] = sys.modules["__main__"]
    main(Path(sys.argv[1]), float(sys.argv[2]))
