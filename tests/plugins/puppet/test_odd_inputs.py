"""Whatever a parser and an estimator say, the puppet is drawn or not, and nothing breaks.

Warnings are errors in the tests, so that a mean of nothing or a division by zero shows.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from reenactor.labels import NUM_LABELS, Label
from reenactor.resource import find_resource
from reenactor.runtime import Runtime
from reenactor.values import Clip, Frames, Motion, Parsing, Pose, Skeleton, Target, Window
from reenactor_plugins.avatar.body import AvatarBody
from reenactor_plugins.avatar.options import AvatarOptions
from reenactor_plugins.avatar.renderer import AvatarRenderer
from reenactor_plugins.puppet.body import PuppetBody
from reenactor_plugins.puppet.options import PuppetOptions
from reenactor_plugins.puppet.renderer import PuppetRenderer

CANVAS = (96, 64)
SEEDS = range(24)
PUPPET = PuppetBody, PuppetRenderer, PuppetOptions
AVATAR = AvatarBody, AvatarRenderer, AvatarOptions
Draw = np.random.Generator


def odd_parsing(draw: Draw, sane: np.ndarray) -> np.ndarray:
    """Classes that are missing, tiny, a pixel wide, exchanged, or cut by a border."""
    labels: np.ndarray = np.zeros(CANVAS, np.uint8)

    def place() -> tuple[int, int]:
        return int(draw.integers(-5, 70)), int(draw.integers(-5, 100))

    match draw.choice(["drop", "swap", "noise", "dots", "lines", "cut", "full", "discs", "few"]):
        case "drop":
            labels = np.where(np.isin(sane, draw.choice(NUM_LABELS, draw.integers(12))), 0, sane)
        case "swap":
            labels = np.where(sane > 0, draw.permutation(NUM_LABELS)[sane], 0)
        case "noise":
            labels = draw.integers(0, NUM_LABELS, CANVAS)
        case "dots":
            for _ in range(draw.integers(6)):
                labels[draw.integers(96), draw.integers(64)] = draw.integers(1, NUM_LABELS)
        case "lines":
            for _ in range(draw.integers(1, 6)):
                cv2.line(labels, place(), place(), int(draw.integers(1, NUM_LABELS)), 1)
        case "cut":
            labels = np.roll(sane, (draw.integers(-90, 90), draw.integers(-60, 60)), (0, 1))
            labels[: draw.integers(90)] = 0
        case "full":
            labels[:] = draw.integers(1, NUM_LABELS)
        case "discs":
            for _ in range(draw.integers(1, 5)):
                label, line = int(draw.integers(1, NUM_LABELS)), int(draw.choice([-1, 1]))
                cv2.circle(labels, place(), int(draw.integers(1, 30)), label, line)
        case "few":
            labels = np.where(np.isin(sane, draw.choice(NUM_LABELS, 3)), sane, 0)
    return np.ascontiguousarray(labels, np.uint8)


def odd_skeleton(draw: Draw, sane: Skeleton) -> Skeleton:
    """Joints at one place, not found, far outside, mirrored, anywhere; frames without anybody."""
    body, hands, face = sane.body.clone(), sane.hands.clone(), sane.face.clone()
    world = None if sane.world is None else sane.world.clone()

    def noise(*shape: int) -> torch.Tensor:
        return torch.from_numpy(draw.random(shape, np.float32))

    size = torch.tensor([64.0, 96.0, 1.0])
    kinds = ["lost", "point", "far", "tiny", "anywhere", "mixed", "flat", "shift", "upside down"]
    for kind in draw.choice(kinds, draw.integers(3)):
        match kind:
            case "lost":
                body[..., 2] *= noise(*body.shape[:2]) > draw.random()
            case "point":
                body[..., :2] = body[:, :1, :2]
            case "far":
                body[..., :2] += (noise(*body.shape[:2], 2) - 0.5) * draw.choice([10, 200, 2e4])
            case "tiny":
                body[..., :2] *= draw.choice([0, 0.01, 100])
            case "anywhere":
                body[..., :2] = noise(*body.shape[:2], 2) * size[:2]
            case "mixed":
                body = body.flip(1)
            case "flat":
                world = None
            case "shift":
                body[..., :2] += float(draw.integers(-300, 300))
            case "upside down":
                body[..., 1] = 96 - body[..., 1]
    if draw.random() < 0.5:
        hands, face = noise(*hands.shape) * size, noise(*face.shape) * size
    if len(sane) > 1 and draw.random() < 0.5:
        gone = noise(len(sane)) < draw.random()
        for points in (body, hands, face, world):
            if points is not None:
                points[gone] = 0
    return Skeleton(body, hands, face, world)


def small(target: Target) -> tuple[np.ndarray, Callable[[int], Skeleton]]:
    """The painted person's parsing, and skeletons, on the small canvas."""
    labels = cv2.resize(
        target.parsing.labels[0].numpy(), CANVAS[::-1], interpolation=cv2.INTER_NEAREST
    )
    shrink = torch.tensor([[[0.4, 0.0, 0.0], [0.0, 0.375, 0.0]]])
    skeleton = target.skeleton.moved(shrink)
    return labels, lambda length: Skeleton.joined([skeleton] * length)


def odd_target(draw: Draw, target: Target) -> Target:
    labels, standing = small(target)
    size = CANVAS if draw.random() < 0.6 else tuple(draw.choice([1, 20, 96, 300], 2).tolist())
    box = torch.tensor([[-0.5, -0.5, 63.5, 95.5]]) * float(draw.choice([0.05, 1, 1, 1, 3]))
    image = torch.from_numpy(draw.random((1, 3, *CANVAS), np.float32))
    pixels = torch.from_numpy(draw.integers(0, 256, (1, *size, 3), np.uint8))
    parsing = Parsing(torch.from_numpy(odd_parsing(draw, labels))[None])
    return Target(
        Frames(pixels, (0,), "odd"), Window(box, CANVAS), image, parsing,
        odd_skeleton(draw, standing(1)),
    )  # fmt: skip


def odd_motion(draw: Draw, target: Target) -> tuple[Motion, Pose]:
    length = int(draw.choice([1, 2, 8]))
    skeleton = odd_skeleton(draw, small(target)[1](length))
    clip = Clip(torch.arange(length), Fraction(1, 25), Fraction(25), CANVAS, "clip", "")
    nothing, box = torch.zeros(length, 0, 0, dtype=torch.uint8), torch.zeros(length, 4)
    motion = Motion(clip, skeleton, (skeleton.body[..., 2] > 0).any(1), box, nothing, box)
    zoom = float(draw.choice([0.01, 1, 1, 1, 50]))
    matrix = torch.tensor([[[zoom, 0.0, 3.0], [0.0, zoom, 5.0]]]).expand(length, 2, 3)
    return motion, Pose(skeleton.moved(matrix), None, tuple(range(length)), CANVAS)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("parts", [PUPPET, AVATAR], ids=["puppet", "avatar"])
def test_odd_people(parts: tuple[Any, Any, Any], seed: int, target: Target) -> None:
    draw = np.random.default_rng(seed)
    person, (motion, pose) = odd_target(draw, target), odd_motion(draw, target)
    runtime = Runtime(weight=lambda weight: Path(str(find_resource(weight.resource))))
    make_body, make_renderer, options = parts
    renderer = make_renderer(options(complete=bool(seed % 2)), runtime)
    body = make_body(options(), runtime)
    own = body.generate(body.prepare(person, motion), pose)
    assert int(own.labels.max()) < NUM_LABELS
    other = np.stack([odd_parsing(draw, small(target)[0]) for _ in range(len(pose))])
    prepared = renderer.prepare(person, motion)
    for labels in (None, own, Parsing(torch.from_numpy(other))):
        layer = renderer.render(prepared, pose, labels, None)
        for values in (layer.image, layer.mask):
            assert torch.isfinite(values).all()
            assert 0 <= float(values.min()) <= float(values.max()) <= 1


def test_a_drawing_with_a_disc_for_a_head(
    target: Target, standing: Callable[..., Skeleton], render: Callable[..., Any]
) -> None:
    """All key points are guessed within the head; limbs are lines, far from any bone."""
    labels = np.zeros((256, 160), np.uint8)
    cv2.circle(labels, (80, 60), 40, int(Label.HAIR), -1)
    for end in ((40, 160), (120, 160)):
        cv2.line(labels, (2 * end[0] - 80, 100), end, int(Label.UPPER_CLOTHES), 6)
    skeleton = target.skeleton.moved(torch.tensor([[[0.1, 0.0, 72.0], [0.0, 0.1, 46.0]]]))
    drawing = replace(
        target, parsing=Parsing(torch.from_numpy(labels)[None]), skeleton=skeleton
    )  # fmt: skip
    layer = render(standing(2), person=drawing)
    assert torch.isfinite(layer.image).all()
    assert float(layer.mask.max()) > 0.5  # the head at least
