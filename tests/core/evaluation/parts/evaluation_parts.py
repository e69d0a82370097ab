"""Components that know a dancer before a plain wall: whatever is not the wall is the person."""

from dataclasses import replace
from typing import ClassVar

import torch

from reenactor.joints import Joint
from reenactor.manifest import ComponentInfo, Facet, Role
from reenactor.options import NoOptions
from reenactor.roles import (
    BodyGenerator,
    Footage,
    FrameRenderer,
    Inpainter,
    Parser,
    SkeletonEstimator,
)
from reenactor.values import Frames, Layer, Motion, Parsing, People, Pose, Skeleton, Target

WALL = (40, 160, 60)
PROFILE = 60
"""From this column of the video on the dancer is seen in profile."""
JOINTS = {
    Joint.NOSE: (0.5, 0.08), Joint.NECK: (0.5, 0.2), Joint.MID_HIP: (0.5, 0.5),
    Joint.R_SHOULDER: (0.2, 0.22), Joint.L_SHOULDER: (0.8, 0.22),
    Joint.R_ELBOW: (0.2, 0.35), Joint.L_ELBOW: (0.8, 0.35),
    Joint.R_WRIST: (0.2, 0.5), Joint.L_WRIST: (0.8, 0.5),
    Joint.R_HIP: (0.35, 0.5), Joint.L_HIP: (0.65, 0.5),
    Joint.R_KNEE: (0.35, 0.75), Joint.L_KNEE: (0.65, 0.75),
    Joint.R_ANKLE: (0.35, 0.98), Joint.L_ANKLE: (0.65, 0.98),
}  # fmt: skip


def away(frames: Frames) -> torch.Tensor:
    """Where the person is: `(T, H, W)`."""
    return (frames.pixels.int() - torch.tensor(WALL)).abs().amax(-1) > 60


class Finder(SkeletonEstimator[NoOptions]):
    """Puts the joints at their shares of the person's box."""

    looked: ClassVar[int] = 0

    def estimate(self, frames: Frames, before: People | None = None) -> tuple[People, ...]:
        type(self).looked += len(frames)
        return tuple(self._one(mask) for mask in away(frames))

    def _one(self, mask: torch.Tensor) -> People:
        y, x = torch.nonzero(mask, as_tuple=True)
        if len(y) < 50:
            return People.nobody()
        x0, y0, x1, y1 = (float(v) for v in (x.min(), y.min(), x.max(), y.max()))
        skeleton = Skeleton.empty(1)
        for joint, (across, down) in JOINTS.items():
            place = [x0 + across * (x1 - x0), y0 + down * (y1 - y0), 1.0]
            skeleton.body[0, joint] = torch.tensor(place)
        skeleton = replace(skeleton, world=self._turned(x0))
        return People(skeleton, torch.ones(1), torch.tensor([[x0, y0, x1, y1]]))

    def _turned(self, x: float) -> torch.Tensor:
        """The dancer faces the camera left of a place in the picture, and is a profile beyond."""
        world = torch.zeros(1, 25, 3)
        for joint, side in ((Joint.L_SHOULDER, 1.0), (Joint.R_SHOULDER, -1.0)):
            world[0, joint, 0 if x < PROFILE else 2] = side
        return world


class Labels(Parser[NoOptions]):
    def parse(self, frames: Frames, skeleton: Skeleton) -> Parsing:
        labels = away(frames).to(torch.uint8) * 5
        labels[:, labels.shape[1] // 2 :][labels[:, labels.shape[1] // 2 :] > 0] = 9
        return Parsing(labels)


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
        return Parsing(torch.zeros(len(pose), *pose.canvas, dtype=torch.uint8))


class Painter(FrameRenderer[NoOptions, None]):
    """Paints a box from head to feet in the target's mean colour, or so."""

    rendered: ClassVar[int] = 0

    def prepare(self, target: Target, motion: Motion) -> None:
        return None

    def render(self, prepared: None, pose: Pose, body: Parsing | None, past: Layer | None) -> Layer:
        type(self).rendered += len(pose)
        mask = torch.zeros(len(pose), 1, *pose.canvas)
        for t, points in enumerate(pose.skeleton.body):
            seen = points[points[:, 2] > 0, :2]
            if len(seen):
                (x0, y0), (x1, y1) = seen.amin(0).int().tolist(), seen.amax(0).int().tolist()
                mask[t, 0, max(y0, 0) : y1 + 1, max(x0, 0) : x1 + 1] = 1
        image = torch.tensor([0.86, 0.12, 0.12])[None, :, None, None]
        return Layer(image.expand(len(pose), 3, *pose.canvas), mask)


def info(role: Role, name: str, provides: frozenset[Facet]) -> ComponentInfo:
    return ComponentInfo(
        role=role,
        name=name.lower(),
        target=f"evaluation_parts:{name}",
        options="reenactor.options:NoOptions",
        summary="a test",
        licence="MIT",
        provides=provides,
    )


INFOS = (
    info(Role.POSE_ESTIMATOR, "Finder", frozenset({Facet.SKELETON})),
    info(Role.PARSER, "Labels", frozenset({Facet.PARSING})),
    info(Role.INPAINTER, "Filler", frozenset()),
    info(Role.BODY_GENERATOR, "Copier", frozenset({Facet.BODY})),
    info(Role.FRAME_RENDERER, "Painter", frozenset()),
)
SPEC = """\
version: 1
parser: labels
pose_estimator: finder
inpainter: filler
body_generator: copier
frame_renderer: painter
output: {height: 128, width: 96}
"""
