"""A painted person: every part has a colour and a class of its own."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.runtime import Runtime
from reenactor.values import Clip, Frames, Layer, Motion, Parsing, Pose, Skeleton, Target, Window
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.renderer import PuppetRenderer

J = Joint
L = Label

CANVAS = (256, 160)
UNIT = 120.0
"""Pixels of a metre in the photo."""

_LEFT = {
    J.L_SHOULDER: (0.17, -0.5), J.L_ELBOW: (0.27, -0.24), J.L_WRIST: (0.33, 0.0),
    J.L_HIP: (0.10, 0.0), J.L_KNEE: (0.13, 0.42), J.L_ANKLE: (0.15, 0.82),
    J.L_BIG_TOE: (0.18, 0.90), J.L_SMALL_TOE: (0.20, 0.89), J.L_HEEL: (0.15, 0.87),
    J.L_EYE: (0.03, -0.75), J.L_EAR: (0.07, -0.72),
}  # fmt: skip
_TWIN = {5: 2, 6: 3, 7: 4, 12: 9, 13: 10, 14: 11, 16: 15, 18: 17, 19: 22, 20: 23, 21: 24}
COLOURS: dict[int, tuple[int, int, int]] = {
    L.BACKGROUND: (30, 200, 30), L.HAIR: (60, 30, 10), L.FACE: (230, 180, 150),
    L.UPPER_CLOTHES: (200, 30, 40), L.PANTS: (40, 60, 200), L.LEFT_ARM: (220, 160, 130),
    L.RIGHT_ARM: (220, 160, 130), L.LEFT_SHOE: (20, 20, 20), L.RIGHT_SHOE: (20, 20, 20),
}  # fmt: skip


def metres() -> torch.Tensor:
    """Somebody standing with the arms away from the trunk, facing the camera: `(25, 3)`."""
    points = torch.zeros(25, 3)
    for joint, (x, y) in _LEFT.items():
        points[joint, :2] = torch.tensor([x, y])
        points[_TWIN[int(joint)], :2] = torch.tensor([-x, y])
    points[J.NECK] = torch.tensor([0.0, -0.5, 0.0])
    points[J.NOSE] = torch.tensor([0.0, -0.71, -0.1])
    points[[J.L_BIG_TOE, J.R_BIG_TOE], 2] = -0.14
    points[[J.L_EYE, J.R_EYE], 2] = -0.08
    return points


def person(world: torch.Tensor, length: int = 1) -> Skeleton:
    """That figure on the canvas."""
    shift = torch.tensor([80.0, 128.0])
    body = torch.cat([world[:, :2] * UNIT + shift, torch.ones(25, 1)], 1)
    repeat = [part[None].repeat(length, 1, 1) for part in (body, world)]
    empty = Skeleton.empty(length)
    return Skeleton(repeat[0], empty.hands, empty.face, repeat[1])


def _painted() -> tuple[np.ndarray, np.ndarray]:
    labels = np.zeros(CANVAS, np.uint8)
    at = {j: person(metres()).body[0, j, :2].numpy() for j in range(25)}

    def bone(a: int, b: int, width: float, label: int) -> None:
        ends = [tuple(at[j].round().astype(int).tolist()) for j in (a, b)]
        cv2.line(labels, ends[0], ends[1], int(label), int(width * UNIT))

    for knee, hip, ankle, toe, shoe in (
        (J.L_KNEE, J.L_HIP, J.L_ANKLE, J.L_BIG_TOE, L.LEFT_SHOE),
        (J.R_KNEE, J.R_HIP, J.R_ANKLE, J.R_BIG_TOE, L.RIGHT_SHOE),
    ):
        bone(hip, knee, 0.14, L.PANTS)
        bone(knee, ankle, 0.11, L.PANTS)
        bone(ankle, toe, 0.10, shoe)
    corners = [at[J.R_SHOULDER], at[J.L_SHOULDER], at[J.L_HIP] + [8, 6], at[J.R_HIP] + [-8, 6]]
    cv2.fillConvexPoly(labels, np.round(corners).astype(np.int32), int(L.UPPER_CLOTHES))
    for shoulder, elbow, wrist, arm in (
        (J.L_SHOULDER, J.L_ELBOW, J.L_WRIST, L.LEFT_ARM),
        (J.R_SHOULDER, J.R_ELBOW, J.R_WRIST, L.RIGHT_ARM),
    ):
        bone(shoulder, elbow, 0.10, arm)
        bone(elbow, wrist, 0.08, arm)
        tip = at[wrist] + 0.15 * UNIT * np.array([np.sign(at[wrist][0] - 80) * 0.25, 0.97])
        ends = [tuple(p.round().astype(int).tolist()) for p in (at[wrist], tip)]
        cv2.line(labels, ends[0], ends[1], int(arm), int(0.07 * UNIT))
    head = tuple(((at[J.L_EAR] + at[J.R_EAR]) / 2).round().astype(int).tolist())
    cv2.ellipse(labels, (head[0], head[1] - 3), (13, 19), 0, 0, 360, int(L.HAIR), -1)
    cv2.ellipse(labels, (head[0], head[1] + 2), (9, 13), 0, 0, 360, int(L.FACE), -1)
    bone(J.NOSE, J.NECK, 0.08, L.FACE)
    image = np.zeros((*CANVAS, 3), np.uint8)
    for label, colour in COLOURS.items():
        image[labels == label] = colour
    return image, labels


@pytest.fixture(scope="session")
def target() -> Target:
    """The painted person; the photo is the canvas."""
    image, labels = _painted()
    pixels = torch.from_numpy(image)
    window = Window(torch.tensor([[-0.5, -0.5, CANVAS[1] - 0.5, CANVAS[0] - 0.5]]), CANVAS)
    return Target(
        Frames(pixels[None], (0,), "painted"),
        window,
        pixels.permute(2, 0, 1)[None].float() / 255,
        Parsing(torch.from_numpy(labels)[None]),
        person(metres()),
    )


@pytest.fixture(scope="session")
def moving() -> Callable[[Skeleton], tuple[Motion, Pose]]:
    """A clip of a skeleton, filmed by a camera that sees the canvas."""

    def make(skeleton: Skeleton) -> tuple[Motion, Pose]:
        length = len(skeleton)
        times = torch.arange(length)
        clip = Clip(times, Fraction(1, 25), Fraction(25), CANVAS, "clip", "")
        box, nothing = torch.zeros(length, 4), torch.zeros(length, 0, 0, dtype=torch.uint8)
        present = torch.ones(length, dtype=torch.bool)
        motion = Motion(clip, skeleton, present, box, nothing, box)
        return motion, Pose(skeleton, None, tuple(range(length)), CANVAS)

    return make


@pytest.fixture(scope="session")
def standing() -> Callable[..., Skeleton]:
    """`standing(length)`: the painted person's skeleton; `standing(world=...)` another's."""

    def make(length: int = 1, world: Any = None) -> Skeleton:
        return person(metres() if world is None else world, length)

    return make


@pytest.fixture(scope="session")
def world() -> Callable[[], torch.Tensor]:
    """The painted person's joints in metres, to be changed."""
    return metres


@pytest.fixture(scope="session")
def runtime() -> Runtime:
    def no_weights(weight: object) -> Path:
        raise AssertionError(f"a puppet has no weights, {weight} was asked for")

    return Runtime(weight=no_weights)


@pytest.fixture
def render(
    target: Target, moving: Callable[[Skeleton], tuple[Motion, Pose]], runtime: Runtime
) -> Callable[..., Layer]:
    """Renders a skeleton, in a parsing (its labels) where one is given."""

    def run(
        skeleton: Skeleton,
        labels: np.ndarray | None = None,
        person: Target = target,
        **options: object,
    ) -> Layer:
        motion, pose = moving(skeleton)
        renderer = PuppetRenderer(PuppetOptions(**options), runtime)
        body = None if labels is None else Parsing(torch.from_numpy(labels)[None])
        return renderer.render(renderer.prepare(person, motion), pose, body, None)

    return run
