"""Random affine transforms of examples, and squeezing of parsings."""

from dataclasses import dataclass, replace
from math import cos, exp, log, radians, sin

import cv2
import numpy as np
import torch
from jaxtyping import Float64, Shaped
from torch import Tensor

from reenactor.training import Example
from reenactor.values import Dense, Parsing


@dataclass(frozen=True)
class AffineRanges:
    """Limits of a random transform.

    Attributes are in degrees, a factor (1.2 means 1/1.2 to 1.2), and shares of the canvas."""

    turn: float = 0.0
    scale: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True)
class AffineTransform:
    """An affine map from an example's canvas to another one, `(2, 3)`."""

    matrix: Float64[np.ndarray, "2 3"]
    canvas: tuple[int, int]


def random_affine(
    source: tuple[int, int],
    canvas: tuple[int, int],
    ranges: AffineRanges,
    random: np.random.Generator,
) -> AffineTransform:
    """Fit one canvas into another and apply a random transform."""
    angle = radians(random.uniform(-ranges.turn, ranges.turn))
    scale = exp(random.uniform(-1, 1) * log(ranges.scale)) * min(
        canvas[0] / source[0], canvas[1] / source[1]
    )
    shift = random.uniform(-ranges.shift, ranges.shift, 2) * (canvas[1], canvas[0])
    a, b = scale * cos(angle), scale * sin(angle)
    middle = np.array([source[1] - 1, source[0] - 1]) / 2
    linear = np.array([[a, -b], [b, a]])
    offset = np.array([canvas[1] - 1, canvas[0] - 1]) / 2 + shift - linear @ middle
    return AffineTransform(np.concatenate([linear, offset[:, None]], 1), canvas)


def seen(example: Example, view: AffineTransform) -> Example:
    """Transform an example.

    Labels are sampled with nearest neighbour. Outside the picture, edge colours are repeated and
    labels are background. Key points may lie outside the canvas.
    """
    matrix = torch.from_numpy(view.matrix).float()[None]
    skeleton = example.skeleton.moved(matrix)
    box = example.face_box
    if box is not None:
        corners = box[0, [0, 1, 2, 1, 0, 3, 2, 3]].reshape(4, 2)
        there = corners @ matrix[0, :, :2].T + matrix[0, :, 2]
        box = torch.cat([there.amin(0), there.amax(0)])[None]
    return replace(
        example,
        image=_pixels(example.image, view),
        parsing=Parsing(_nearest(example.parsing.labels, view)),
        skeleton=skeleton,
        dense=None if example.dense is None else _dense(example.dense, view),
        background=None if example.background is None else _pixels(example.background, view),
        face_box=box,
    )


def squeezed(parsing: Parsing, factor: float | int, middle: float | int) -> Parsing:
    """Make a parsing wider or narrower about a vertical line.

    "We deliberately create a mismatch between the poses and semantic maps, by squeezing and
    stretching solely the body structures (segmentation maps) rather than the input poses"
    (section 3.1). The paper gives no range.

    Args:
        parsing: T parsings.
        factor: scale of the width; below 1 squeezes.
        middle: x of the line that stays in place.
    """
    size = (parsing.labels.shape[1], parsing.labels.shape[2])
    matrix = np.array([[factor, 0, middle * (1 - factor)], [0, 1.0, 0]])
    return Parsing(_nearest(parsing.labels, AffineTransform(matrix, size)))


def _nearest(labels: Shaped[Tensor, "T H W"], view: AffineTransform) -> Shaped[Tensor, "T H1 W1"]:
    size = (view.canvas[1], view.canvas[0])
    drawn = [
        cv2.warpAffine(one, view.matrix, size, flags=cv2.INTER_NEAREST, borderValue=(0,))
        for one in labels.numpy()
    ]
    return torch.from_numpy(np.stack(drawn))


def _pixels(pictures: Tensor, view: AffineTransform) -> Tensor:
    """Sample bilinearly; averaged first when shrinking by more than a factor of 2."""
    size = (view.canvas[1], view.canvas[0])
    drawn = []
    for picture in pictures.numpy():
        matrix, source = view.matrix, picture
        while np.hypot(*matrix[:, 0]) < 0.6:
            source = cv2.resize(source, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
            # A pixel of the half is the mean of 2 x 2: its centre is at 2 x + 0.5 of the whole.
            matrix = np.concatenate(
                [matrix[:, :2] * 2, matrix[:, 2:] + matrix[:, :2].sum(1, keepdims=True) / 2], 1
            )
        drawn.append(
            cv2.warpAffine(
                source, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        )
    return torch.from_numpy(np.stack(drawn))


def _dense(dense: Dense, view: AffineTransform) -> Dense:
    part = _nearest(dense.part, view)
    uv = torch.stack([_nearest(channel, view) for channel in dense.uv.unbind(1)], 1)
    return Dense(part, uv)
