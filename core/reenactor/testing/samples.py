"""The inputs for checks: a synthetic dancer, and the same person as the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.ops.silhouette import pack
from reenactor.testing.cartoon import Drawn, dancing, room
from reenactor.values import (
    Clip,
    Dense,
    Frames,
    Motion,
    Parsing,
    Pose,
    Skeleton,
    Target,
    Window,
)

NAME = "cartoon"
"""The source name of the drawn frames."""

SIZE = (223, 167)
"""Height and width of the drawn frames; odd, as real ones may be."""

CANVAS = (256, 160)
"""The canvas of the drawn poses and target."""

SILHOUETTE = 64
"""The side of the silhouettes in a motion in pixels."""


@dataclass(frozen=True)
class SampleInputs:
    """A dancer's frames, and the target and poses on a canvas.

    `driver` is at the size of the video and `on_canvas` shows the same frames on the canvas.
    """

    driver: Drawn
    on_canvas: Drawn
    target: Target
    motion: Motion
    pose: Pose


def samples(
    length: int = 3, size: tuple[int, int] = SIZE, canvas: tuple[int, int] = CANVAS
) -> SampleInputs:
    """Draw `length` frames of that size, and a canvas of that size."""
    driver, on_canvas = dancing(length, size, NAME), dancing(length, canvas, NAME)
    pose = Pose(on_canvas.skeleton, on_canvas.dense, on_canvas.frames.index, canvas)
    return SampleInputs(driver, on_canvas, target(canvas), motion(driver), pose)


def target(canvas: tuple[int, int] = CANVAS) -> Target:
    """The person in a photo of canvas size, in a pose that no driving frame has."""
    drawn = dancing(1, canvas, NAME)
    height, width = canvas
    box = torch.tensor([[-0.5, -0.5, width - 0.5, height - 0.5]])
    return Target(
        photo=drawn.frames,
        window=Window(box, canvas),
        image=drawn.frames.images,
        parsing=drawn.parsing,
        skeleton=drawn.skeleton,
    )


def motion(drawn: Drawn) -> Motion:
    """The motion of a clip at 25 frames per second."""
    length = len(drawn.frames)
    height, width = drawn.frames.size
    clip = Clip(
        times=torch.arange(length),
        time_base=Fraction(1, 25),
        fps=Fraction(25),
        size=(height, width),
        name=drawn.frames.name,
        source="0" * 64,
    )
    side = float(max(height, width))
    corner = torch.tensor([(width - side) / 2, (height - side) / 2]) - 0.5
    square = torch.cat([corner, corner + side]).expand(length, 4).clone()
    mask = drawn.parsing.mask
    if length:
        edges = (int(side) - width) // 2, -(-(int(side) - width) // 2)
        mask = torch.nn.functional.pad(mask, (*edges, 0, int(side) - height))
        mask = torch.nn.functional.interpolate(mask, (SILHOUETTE, SILHOUETTE), mode="area")
    else:
        mask = mask.new_zeros(0, 1, SILHOUETTE, SILHOUETTE)
    points = drawn.skeleton.body[..., :2]
    box = torch.cat([points.amin(1), points.amax(1)], -1) if length else torch.zeros(0, 4)
    return Motion(
        clip, drawn.skeleton, torch.ones(length, dtype=torch.bool), box, pack(mask), square
    )


def empty_frames(length: int = 1, size: tuple[int, int] = SIZE, name: str = NAME) -> Frames:
    """The empty room, with frame indices for which there are no prepared files."""
    pixels = torch.from_numpy(room(size)).expand(length, *size, 3).clone()
    return Frames(pixels, tuple(range(9000, 9000 + length)), name)


def blank_frames(length: int = 1, size: tuple[int, int] = SIZE, name: str = NAME) -> Frames:
    """Grey pictures."""
    pixels = torch.full((length, *size, 3), 128, dtype=torch.uint8)
    return Frames(pixels, tuple(range(9000, 9000 + length)), name)


def holes(drawn: Drawn, reach: int = 3) -> Bool[Tensor, "T H W"]:
    """The person's mask, dilated by `reach` pixels."""
    side = 2 * reach + 1
    wide = torch.nn.functional.max_pool2d(drawn.parsing.mask, side, stride=1, padding=reach)
    return wide[:, 0] > 0


def without_person(pose: Pose) -> Pose:
    """The same frames without a person."""
    length = len(pose)
    return Pose(Skeleton.empty(length), nothing(length, pose.canvas), pose.index, pose.canvas)


def nothing(length: int, size: tuple[int, int]) -> Dense:
    """A dense pose without a person."""
    return Dense(torch.zeros(length, *size, dtype=torch.uint8), torch.zeros(length, 2, *size))


def chosen(pose: Pose, frames: Sequence[int]) -> Pose:
    """Some frames of a pose, in that order; for all frames, the pose itself without a copy."""
    at = list(frames)
    if at == list(range(len(pose))):
        return pose
    dense = pose.dense
    return Pose(
        pose.skeleton[torch.tensor(at, dtype=torch.long)],
        None if dense is None else Dense(dense.part[at], dense.uv[at]),
        tuple(pose.index[i] for i in at),
        pose.canvas,
    )


def some_of(parsing: Parsing, frames: Sequence[int]) -> Parsing:
    """Some frames of a parsing, in that order; for all frames, the parsing itself."""
    at = list(frames)
    whole = at == list(range(len(parsing.labels)))
    return parsing if whole else Parsing(parsing.labels[at])


def frames_of(drawn: Drawn, frames: Sequence[int]) -> Frames:
    """Some of the drawn frames, in that order; for all of them, the frames themselves."""
    whole, at = drawn.frames, list(frames)
    if at == list(range(len(whole))):
        return whole
    return Frames(whole.pixels[at], tuple(whole.index[i] for i in at), whole.name)
