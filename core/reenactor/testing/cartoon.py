"""A synthetic dancer: consistent pictures, key points, parsing and dense pose.

It is drawn without files or randomness, so that failures are reproducible everywhere.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from jaxtyping import Float, Int, UInt8

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.testing.cartoon_pose import FACE_SIZE, Body, Point, body, face, skeleton
from reenactor.values import Dense, Frames, Parsing, Skeleton

Outline = Float[np.ndarray, "N 2"]
Colour = tuple[int, int, int]

SKIN: Colour = (224, 172, 140)
SHIRT: Colour = (46, 98, 190)
TROUSERS: Colour = (60, 58, 70)
HAIR: Colour = (70, 44, 30)
SHOES: Colour = (150, 40, 40)
EYES: Colour = (40, 30, 30)
LIPS: Colour = (170, 60, 60)

FLOOR = 0.93
"""The vertical position of the ground, and the person's height, as shares of the picture."""


@dataclass(frozen=True)
class Drawn:
    """T pictures of the person with complete annotations."""

    frames: Frames
    skeleton: Skeleton
    parsing: Parsing
    dense: Dense


@dataclass(frozen=True)
class _Shape:
    """A coloured shape: an outline, its parsing class, its dense pose part.

    `part` is None if it only adds colour to another shape.
    """

    label: Label
    part: int | None
    colour: Colour
    outline: Outline


def dancing(length: int, size: tuple[int, int], name: str = "cartoon", start: int = 0) -> Drawn:
    """Draw a dance at that height and width; it repeats every 8 frames.

    The person faces the camera and is fully visible. `start` is the first frame index.
    """
    height, width = size
    scale = 0.85 * min(height, 1.6 * width)
    origin = width / 2 - 0.5, FLOOR * height
    index = range(start, start + length)
    pixels = np.zeros((length, *size, 3), np.uint8)
    labels, part = np.zeros((length, *size), np.uint8), np.zeros((length, *size), np.uint8)
    for t, frame in enumerate(index):
        pixels[t] = room(size)
        for shape in _shapes(body(frame)):
            outline = np.round((shape.outline * scale + origin) * 16).astype(np.int32)
            cv2.fillPoly(pixels[t], [outline], shape.colour, cv2.LINE_8, 4)
            if shape.part is not None:
                cv2.fillPoly(labels[t], [outline], int(shape.label), cv2.LINE_8, 4)
                cv2.fillPoly(part[t], [outline], shape.part, cv2.LINE_8, 4)
        pixels[t] = _lit(pixels[t], labels[t])
    people = [skeleton(frame, scale, origin) for frame in index]
    return Drawn(
        Frames(torch.from_numpy(pixels), tuple(index), name),
        Skeleton.joined(people) if people else Skeleton.empty(0),
        Parsing(torch.from_numpy(labels)),
        Dense(torch.from_numpy(part), torch.from_numpy(_charts(part))),
    )


def room(size: tuple[int, int]) -> UInt8[np.ndarray, "H W 3"]:
    """The empty room: a wall with a gradient, and a tiled floor."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    wall = 205 - 40 * y / size[0] + 6 * np.sin(x / 9) * np.sin(y / 7)
    floor = np.where((x // 12 + y // 8) % 2 == 0, 120.0, 140.0)
    grey = np.where(y < 0.86 * size[0], wall, floor)
    return np.asarray((grey[..., None] * np.array([1.0, 0.97, 0.9])).astype(np.uint8))


def _shapes(joints: Body) -> list[_Shape]:
    """All shapes, from back to front."""
    head = joints[Joint.NOSE]
    points = face(joints)
    right_eye, left_eye, mouth = points[36:42], points[42:48], points[48:60]
    wide, tall = FACE_SIZE
    shapes = [_Shape(Label.HAIR, 23, HAIR, _oval(head - [0, 0.015], 0.058, 0.068))]
    for side in (_LEFT, _RIGHT):
        shapes += _leg(joints, side)
    neck = _limb(joints[Joint.NECK], head, 0.03, 0.026)
    shapes += [
        _Shape(Label.TORSO_SKIN, 23, SKIN, neck),
        _Shape(Label.UPPER_CLOTHES, 2, SHIRT, _trunk(joints)),
        _Shape(Label.FACE, 23, SKIN, _oval(head, wide, tall)),
        _Shape(Label.FACE, 24, SKIN, _oval(head, wide, tall, half=True)),
        _Shape(Label.FACE, None, EYES, right_eye),
        _Shape(Label.FACE, None, EYES, left_eye),
        _Shape(Label.FACE, None, LIPS, mouth),
    ]
    for side in (_LEFT, _RIGHT):
        shapes += _arm(joints, side)
    return shapes


@dataclass(frozen=True)
class _Side:
    """The classes and parts of one side of the body."""

    prefix: str
    arm: Label
    hand: Label
    shoe: Label
    upper_arm: int
    forearm: int
    palm: int
    thigh: int
    shin: int
    foot: int


_LEFT = _Side("L", Label.LEFT_ARM, Label.LEFT_HAND, Label.LEFT_SHOE, 15, 21, 4, 10, 14, 5)
_RIGHT = _Side("R", Label.RIGHT_ARM, Label.RIGHT_HAND, Label.RIGHT_SHOE, 16, 22, 3, 9, 13, 6)


def _leg(joints: Body, side: _Side) -> list[_Shape]:
    hip, knee, ankle, heel, toe = (
        joints[Joint[f"{side.prefix}_{name}"]]
        for name in ("HIP", "KNEE", "ANKLE", "HEEL", "SMALL_TOE")
    )
    return [
        _Shape(side.shoe, side.foot, SHOES, _limb(heel, toe, 0.024, 0.022)),
        _Shape(Label.PANTS, side.shin, TROUSERS, _limb(knee, ankle, 0.040, 0.026)),
        _Shape(Label.PANTS, side.thigh, TROUSERS, _limb(hip, knee, 0.058, 0.042)),
    ]


def _arm(joints: Body, side: _Side) -> list[_Shape]:
    shoulder, elbow, wrist = (
        joints[Joint[f"{side.prefix}_{name}"]] for name in ("SHOULDER", "ELBOW", "WRIST")
    )
    tips = wrist + 0.5 * (wrist - elbow)
    return [
        _Shape(side.arm, side.forearm, SKIN, _limb(elbow, wrist, 0.027, 0.02)),
        _Shape(Label.UPPER_CLOTHES, side.upper_arm, SHIRT, _limb(shoulder, elbow, 0.036, 0.031)),
        _Shape(side.hand, side.palm, SKIN, _limb(wrist, tips, 0.024, 0.016)),
    ]


def _trunk(joints: Body) -> Outline:
    corners = [
        (Joint.L_SHOULDER, 0.02, -0.02), (Joint.NECK, 0.03, -0.02), (Joint.NECK, -0.03, -0.02),
        (Joint.R_SHOULDER, -0.02, -0.02), (Joint.R_SHOULDER, 0.0, 0.1),
        (Joint.R_HIP, -0.045, -0.02), (Joint.R_HIP, -0.04, 0.05), (Joint.L_HIP, 0.04, 0.05),
        (Joint.L_HIP, 0.045, -0.02), (Joint.L_SHOULDER, 0.0, 0.1),
    ]  # fmt: skip
    return np.array([joints[joint] + [x, y] for joint, x, y in corners])


def _limb(start: Point, end: Point, first: float, last: float) -> Outline:
    """The convex hull of two discs."""
    discs = np.concatenate([_oval(start, first, first), _oval(end, last, last)])
    hull = cv2.convexHull(discs.astype(np.float32))
    return np.asarray(hull[:, 0], np.float64)


def _oval(center: Point, width: float, height: float, half: bool = False) -> Outline:
    """An ellipse, or its right half in the picture."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 32) if half else np.linspace(-np.pi, np.pi, 64)
    return center + np.column_stack([width * np.cos(angle), height * np.sin(angle)])


def _lit(
    pixels: UInt8[np.ndarray, "H W 3"], labels: UInt8[np.ndarray, "H W"]
) -> UInt8[np.ndarray, "H W 3"]:
    """Shade the person from the left, and add stripes to the shirt."""
    person = (labels > 0).astype(np.uint8)
    inside = np.minimum(cv2.distanceTransform(person, cv2.DIST_L2, 3), 8) / 8
    slope = cv2.Sobel(inside, cv2.CV_32F, 1, 0)
    light = 0.85 + 0.15 * inside + 0.1 * slope.clip(-1, 1)
    rows = np.arange(len(labels))[:, None] // 5 % 2
    light = light * np.where((labels == Label.UPPER_CLOTHES) & (rows == 0), 1.15, 1.0)
    shaded = (pixels * light[..., None]).clip(0, 255).astype(np.uint8)
    return np.where(person[..., None] > 0, shaded, pixels)


def _charts(part: UInt8[np.ndarray, "T H W"]) -> Float[np.ndarray, "T 2 H W"]:
    """U from the top of each part to its bottom, V from left to right."""
    uv = np.zeros((part.shape[0], 2, *part.shape[1:]), np.float32)
    for t in range(len(part)):
        for number in np.unique(part[t][part[t] > 0]):
            place: tuple[Int[np.ndarray, " N"], ...] = np.nonzero(part[t] == number)
            for channel, axis in enumerate(place):
                reach = max(int(np.ptp(axis)), 1)
                uv[t, channel][place] = (axis - axis.min()) / reach
    return uv
