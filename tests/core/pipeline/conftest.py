"""A pipeline of drawn people and simple components, so that every pixel can be foretold.

The dancer is a red column of 20 x 60 pixels on a green wall; the target a blue one. The
estimator finds columns by colour, the renderer paints a flat yellow box between neck and hips.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.options import NoOptions
from reenactor.pipeline.driver import CrowdCache
from reenactor.pipeline.render import RenderComponents
from reenactor.pipeline.request import ResolvedRequest
from reenactor.pipeline.run import Components
from reenactor.roles import Footage, FrameRenderer, Inpainter, Parser, SkeletonEstimator
from reenactor.runtime import Runtime
from reenactor.spec.model import Spec
from reenactor.values import Frames, Layer, Motion, Parsing, People, Pose, Skeleton, Target

JOINTS = (
    (Joint.NOSE, 0.5, 0.1),
    (Joint.NECK, 0.5, 0.2),
    (Joint.MID_HIP, 0.5, 0.6),
    (Joint.L_HIP, 0.8, 0.6),
    (Joint.L_KNEE, 0.8, 0.8),
    (Joint.L_ANKLE, 0.8, 1.0),
)
"""Where a column's joints are, as shares of its width and height."""
WALL = (40, 160, 60)
SIZE = (120, 160)


def column(picture: np.ndarray, x: int, colour: tuple[int, int, int]) -> np.ndarray:
    """A person, 20 px wide and 60 high, whose left edge is at x and whose feet are at y = 100."""
    picture[40:100, x : x + 20] = colour
    return picture


def wall() -> np.ndarray:
    return np.full((*SIZE, 3), WALL, np.uint8)


class Columns(SkeletonEstimator[NoOptions]):
    """Finds red and blue columns."""

    watched = 0

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        type(self).watched += len(frames)
        return tuple(self._people(frame.numpy()) for frame in frames.pixels)

    def _people(self, picture: np.ndarray) -> People:
        strong = (picture.max(-1).astype(int) - picture.min(-1) > 80) & (picture[..., 1] < 100)
        count, _, stats, _ = cv2.connectedComponentsWithStats(strong.astype(np.uint8))
        boxes = [stats[i, :4] for i in range(1, count) if stats[i, 4] > 400]
        if not boxes:
            return People.nobody()
        skeleton = Skeleton.empty(len(boxes))
        box, square = torch.zeros(len(boxes), 4), torch.zeros(len(boxes), 4)
        mask = torch.zeros(len(boxes), 1, 60, 60)
        for n, (x, y, w, h) in enumerate(boxes):
            box[n] = torch.tensor([x, y, x + w, y + h]).float()
            left = x + w / 2 - h / 2
            square[n] = torch.tensor([left, y, left + h, y + h]) - 0.5
            mask[n, 0, :, round(30 - 30 * w / h) : round(30 + 30 * w / h)] = 1
            for joint, across, down in JOINTS:
                skeleton.body[n, joint] = torch.tensor([x + across * w, y + down * h, 1.0])
        padded = torch.nn.functional.pad(mask, (2, 2, 2, 2))  # 64 is a whole number of bytes
        grown = square + 2 / 60 * (square[:, 2:] - square[:, :2]).repeat(1, 2) * torch.tensor(
            [-1, -1, 1, 1]
        )
        return People(skeleton, torch.ones(len(boxes)), box, padded, grown)


class Everything(Parser[NoOptions]):
    """Whatever is not the wall is clothes, and face above the neck."""

    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        away = (frames.pixels.int() - torch.tensor(WALL)).abs().amax(-1) > 60
        labels = (away * 5).to(torch.uint8)
        neck = int(skeleton.body[0, Joint.NECK, 1])
        labels[:, :neck] = torch.where(away[:, :neck], 13, 0).to(torch.uint8)
        return Parsing(labels)


class Flat(Inpainter[NoOptions, None]):
    """Fills holes with the wall's colour."""

    def prepare(self, footage: Footage) -> None:
        return None

    def inpaint(self, prepared: None, frames: Frames, holes: torch.Tensor) -> Frames:
        pixels = torch.where(holes[..., None], torch.tensor(WALL, dtype=torch.uint8), frames.pixels)
        return Frames(pixels, frames.index, frames.name)


class Boxes(FrameRenderer[NoOptions, None]):
    """Paints a yellow box around the torso. Fails before frame `fails_at`, if that is set."""

    fails_at: int | None = None
    rendered: list[int]

    def prepare(self, target: Target, motion: Motion) -> None:
        self.rendered = []

    def render(self, prepared: None, pose: Pose, body: Parsing | None, past: Layer | None) -> Layer:
        height, width = pose.canvas
        mask = torch.zeros(len(pose), 1, height, width)
        for t in range(len(pose)):
            if self.fails_at is not None and pose.index[t] >= self.fails_at:
                raise RuntimeError("the power went off")
            self.rendered.append(pose.index[t])
            neck, hip = pose.skeleton.body[t, Joint.NECK], pose.skeleton.body[t, Joint.MID_HIP]
            half = (hip[1] - neck[1]) / 4
            x0, x1 = round(float(neck[0] - half)), round(float(neck[0] + half))
            mask[t, 0, round(float(neck[1])) : round(float(hip[1])), x0:x1] = 1
        image = torch.tensor([1.0, 1.0, 0.0])[None, :, None, None].expand(
            len(pose), 3, height, width
        )
        return Layer(image, mask)


@dataclass
class Stage:
    """A driver, a target, and a components that knows them."""

    folder: Path
    components: Components
    renderer: Boxes
    driver: Path
    target: Path

    def request(self, output: str = "out.mp4", **changes: object) -> ResolvedRequest:
        spec = Spec.model_validate(
            {
                "version": 1,
                "parser": "x",
                "pose_estimator": "x",
                "body_generator": "x",
                "frame_renderer": "x",
                "output": {"height": 128, "width": 96},
                **{key: changes.pop(key) for key in ("background", "motion") if key in changes},
            }
        )
        return ResolvedRequest(
            target=self.target,
            driver=changes.pop("driver", self.driver),  # type: ignore[arg-type]  # arguments of several types
            output=self.folder / output,
            spec=spec,
            crowd_cache=CrowdCache(self.folder / "cache", {"use": "columns"}),
            fingerprint={"spec": spec.model_dump(mode="json"), "reenactor": "test"},
            **changes,  # type: ignore[arg-type]  # arguments of several types
        )


def film(path: Path, pictures: list[np.ndarray], fps: Fraction = Fraction(30000, 1001)) -> Path:
    """A lossless video."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264rgb", rate=fps, options={"qp": "0", "preset": "ultrafast"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "rgb24"
        for picture in pictures:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode())
    return path


def runtime() -> Runtime:
    def no_weight(weight: object) -> Path:
        raise AssertionError("nothing here has weights")

    return Runtime(weight=no_weight)


@pytest.fixture
def make_film() -> Callable[..., Path]:
    return film


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Hundred frames in which the dancer walks from left to right."""
    Columns.watched = 0
    pictures = [column(wall(), 20 + t, (220, 30, 30)) for t in range(100)]
    driver = film(tmp_path / "driver.mp4", pictures)
    target = tmp_path / "target.png"
    cv2.imwrite(str(target), column(wall(), 70, (30, 30, 220))[..., ::-1])
    renderer = Boxes(NoOptions(), runtime())
    components = Components(
        estimator=Columns(NoOptions(), runtime()),
        parser=Everything(NoOptions(), runtime()),
        inpainter=Flat(NoOptions(), runtime()),
        rendering=RenderComponents(renderer=renderer),
    )
    return Stage(tmp_path, components, renderer, driver, target)
