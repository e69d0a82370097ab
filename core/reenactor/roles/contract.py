"""The contract of each role: types, shapes and ranges of results.

Both the pipeline (`reenactor.catalog.guard`) and the conformance suite check every result. A check
reads each value once, so its cost is small compared with the networks'.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from reenactor.labels import NUM_LABELS
from reenactor.roles.body_generator import BodyGenerator
from reenactor.roles.component import Component
from reenactor.roles.face_refiner import FaceRefiner
from reenactor.roles.frame_renderer import FrameRenderer
from reenactor.roles.inpainter import Inpainter
from reenactor.roles.parser import Parser
from reenactor.roles.pose_estimator import DenseEstimator, SkeletonEstimator
from reenactor.values import Dense, Frames, Layer, Parsing, People, Pose, Skeleton


class BreachError(AssertionError):
    """A violation of a role's contract: what was expected and what was given."""

    def __init__(self, expected: str, given: object) -> None:
        self.expected = expected
        self.given = str(given)
        super().__init__(f"  expected: {expected}\n  given:    {given}")


def expect(sound: object, expected: str, given: object) -> None:
    """Raise `BreachError` unless `sound` is true."""
    if not sound:
        raise BreachError(expected, given)


@dataclass(frozen=True)
class TensorSpec:
    """The type, shape and range of a tensor.

    Attributes:
        dtype: the type.
        inner: the axes between the first (frames) and the last two (height and width).
        low, high: the range of values.
        loose: the tolerance when the same value is computed in a different batch.
        share: the share of values that may exceed the tolerance.
        last: whether channels come last, instead of in `inner`.
    """

    dtype: torch.dtype
    inner: tuple[int, ...] = ()
    low: float = 0.0
    high: float = 1.0
    loose: float = 0.0
    share: float = 0.0
    last: bool = False

    def shape(self, length: int, size: tuple[int, int]) -> tuple[int, ...]:
        return (length, *size, *self.inner) if self.last else (length, *self.inner, *size)


LABELS = TensorSpec(torch.uint8, high=float(NUM_LABELS - 1), share=0.005)
"""Class labels. Pixels at borders may differ when networks compute in a different order."""
PART = TensorSpec(torch.uint8, high=24.0, share=0.005)
UV = TensorSpec(torch.float32, (2,), loose=0.02, share=0.01)
PIXELS = TensorSpec(torch.uint8, (3,), high=255.0, loose=2.0, last=True)
"""8-bit pixels. Rounding may differ when they are computed in a different order."""
PICTURE = TensorSpec(torch.float32, (3,), loose=2e-3, share=1e-3)
MASK = TensorSpec(torch.float32, (1,), loose=2e-3, share=1e-3)


def sound(name: str, value: object, want: TensorSpec, length: int, size: tuple[int, int]) -> None:
    """Check shape, type and range of a result, and that it is on the CPU.

    Raises:
        BreachError: a check failed.
    """
    shaped(name, value, want.dtype, want.shape(length, size))
    assert isinstance(value, Tensor)  # noqa: S101 - `shaped` checked it
    in_range(name, value, want.low, want.high)


def shaped(name: str, value: object, dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    """Check that a value is a dense CPU tensor of that type and shape; raises `BreachError`."""
    if not isinstance(value, Tensor):
        raise BreachError(f"{name} as a tensor", type(value).__name__)
    expect(value.device.type == "cpu", f"{name} on the CPU", value.device)
    expect(tuple(value.shape) == shape, f"{name} of shape {shape}", tuple(value.shape))
    expect(value.dtype == dtype, f"{name} of type {dtype}", value.dtype)
    expect(value.layout == torch.strided, f"{name} as a dense tensor", value.layout)
    expect(not value.requires_grad, f"{name} without a gradient", "it requires one")


def in_range(name: str, value: Tensor, low: float, high: float) -> None:
    """Check that all values are finite and in range; raises `BreachError`."""
    if value.numel() == 0 or (low, high) == (0.0, 255.0):  # true of any uint8
        return
    extremes = torch.aminmax(value)  # both are NaN if any value is
    least, most = float(extremes.min), float(extremes.max)
    if low - 1e-5 <= least and most <= high + 1e-5:
        return
    finite(name, value)
    raise BreachError(f"{name} in {low:g} .. {high:g}", f"{least:g} .. {most:g}")


def finite(name: str, value: Tensor) -> None:
    """Check that no value is NaN or infinite; raises `BreachError`."""
    good = value.isfinite()
    if not good.all():
        raise BreachError(f"{name} without NaN and infinity", f"{int((~good).sum())} of them")


def _is_a(value: object, kind: type) -> None:
    expect(isinstance(value, kind), f"a {kind.__name__}", type(value).__name__)


def parsed(given: Any, frames: Frames, skeleton: Skeleton) -> None:
    """Check the result of `Parser.parse`."""
    del skeleton
    _is_a(given, Parsing)
    sound("labels", given.labels, LABELS, len(frames), frames.size)


def estimated(given: Any, frames: Frames, before: People | None = None) -> None:
    """Check the result of `SkeletonEstimator.estimate`."""
    del before
    expect(isinstance(given, tuple), "a tuple of People", type(given).__name__)
    expect(len(given) == len(frames), f"People for each of {len(frames)} frames", len(given))
    for people in given:
        _people(people)


def _people(people: Any) -> None:
    _is_a(people, People)
    _is_a(people.skeleton, Skeleton)
    expect(isinstance(people.score, Tensor), "score as a tensor", type(people.score).__name__)
    count, skeleton = people.score.numel(), people.skeleton
    for name, value, inner, needed in (
        ("score", people.score, (), True),
        ("skeleton.body", skeleton.body, (25, 3), True),
        ("skeleton.hands", skeleton.hands, (2, 21, 3), True),
        ("skeleton.face", skeleton.face, (70, 3), True),
        ("box", people.box, (4,), True),
        ("skeleton.world", skeleton.world, (25, 3), False),
        ("mask_box", people.mask_box, (4,), False),
    ):
        if value is not None or needed:
            shaped(name, value, torch.float32, (count, *inner))
            finite(name, value)
    for name, points in (
        ("body", skeleton.body),
        ("hands", skeleton.hands),
        ("face", skeleton.face),
    ):
        in_range(f"confidences of skeleton.{name}", points[..., 2], 0.0, 1.0)
    ordered = bool((people.score.diff() <= 0).all())
    expect(ordered, "people with the best score first", people.score.tolist())
    upright = bool((people.box[:, 2:] >= people.box[:, :2]).all())
    expect(upright, "boxes as x0, y0, x1, y1", people.box.tolist())
    if people.mask is not None:
        expect(people.mask_box is not None, "`mask_box` beside `mask`", None)
        side = people.mask.shape[-1] if isinstance(people.mask, Tensor) and people.mask.ndim else 0
        expect(side % 8 == 0, "mask of a multiple of 8 pixels", f"{side} pixels")
        sound("mask", people.mask, MASK, count, (side, side))


def dense_found(given: Any, frames: Frames, skeleton: Skeleton) -> None:
    """Check the result of `DenseEstimator.dense`."""
    del skeleton
    _is_a(given, Dense)
    sound("part", given.part, PART, len(frames), frames.size)
    sound("uv", given.uv, UV, len(frames), frames.size)


def inpainted(given: Any, prepared: object, frames: Frames, holes: Bool[Tensor, "T H W"]) -> None:
    """Check the result of `Inpainter.inpaint`."""
    del prepared
    _is_a(given, Frames)
    sound("pixels", given.pixels, PIXELS, len(frames), frames.size)
    expect(given.index == frames.index, f"the index {frames.index}", given.index)
    expect(given.name == frames.name, f"the name {frames.name!r}", given.name)
    for before, after, hole in zip(frames.pixels, given.pixels, holes, strict=True):
        kept = (~hole.numpy()).view(np.uint8)
        most = cv2.norm(before.numpy(), after.numpy(), cv2.NORM_INF, mask=kept)
        expect(most == 0, "unchanged pixels outside the holes", f"some did, by up to {most:g}")


def enlarged(given: Any, prepared: object, frames: Frames, holes: Bool[Tensor, "T H W"]) -> None:
    """Check the result of `Inpainter.grown`."""
    del prepared
    shaped("holes", given, torch.bool, (len(frames), *frames.size))
    expect(bool((given >= holes).all()), "holes that contain the given ones", "some shrank")


def generated(given: Any, prepared: object, pose: Pose) -> None:
    """Check the result of `BodyGenerator.generate`."""
    del prepared
    _is_a(given, Parsing)
    sound("labels", given.labels, LABELS, len(pose), pose.canvas)


def rendered(
    given: Any, prepared: object, pose: Pose, body: Parsing | None, past: Layer | None
) -> None:
    """Check the result of `FrameRenderer.render`."""
    del prepared, body, past
    _is_a(given, Layer)
    sound("image", given.image, PICTURE, len(pose), pose.canvas)
    sound("mask", given.mask, MASK, len(pose), pose.canvas)


def refined(given: Any, prepared: object, frames: Tensor, pose: Pose, body: Parsing | None) -> None:
    """Check the result of `FaceRefiner.refine`."""
    del prepared, pose, body
    sound("frames", given, PICTURE, frames.shape[0], (frames.shape[2], frames.shape[3]))


def opaque(given: object, *arguments: object, **named: object) -> None:
    """Accept any result of `prepare`: only the component uses it."""
    del given, arguments, named


def batching(component: FrameRenderer[Any, Any]) -> None:
    """Check `batch` and `history` of a renderer."""
    batch, history = component.batch, component.history
    wanted = batch is None or (isinstance(batch, int) and batch >= 1)
    expect(wanted, "`batch` to be None or at least 1", batch)
    expect(isinstance(history, int) and history >= 0, "`history` to be 0 or more", history)


METHODS: Mapping[type[Component[Any]], Mapping[str, Callable[..., None]]] = MappingProxyType(
    {
        Parser: {"parse": parsed},
        SkeletonEstimator: {"estimate": estimated},
        DenseEstimator: {"dense": dense_found},
        Inpainter: {"prepare": opaque, "grown": enlarged, "inpaint": inpainted},
        BodyGenerator: {"prepare": opaque, "generate": generated},
        FrameRenderer: {"prepare": opaque, "render": rendered},
        FaceRefiner: {"prepare": opaque, "refine": refined},
    }
)
"""The methods of each role with the check of their results: it takes the result, then the method's
arguments, and raises `BreachError`."""
