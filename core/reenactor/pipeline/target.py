"""From a photo to the target: key points, parsing, and the canvas."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.errors import NoPersonError
from reenactor.media.photo import Photo
from reenactor.ops.geometry import crop_frames, crop_labels
from reenactor.ops.silhouette import silhouette_of
from reenactor.ops.windows import around, extents
from reenactor.pipeline import method
from reenactor.pipeline.photo_checks import cut_side, label_warnings, photo_warnings
from reenactor.pipeline.upright import largest_person, turn_upright
from reenactor.progress import Progress
from reenactor.roles import Parser, SkeletonEstimator
from reenactor.values import Frames, Parsing, Skeleton, Target

SMALLEST = 32
"""Smallest side of a photo, in pixels."""


@dataclass(frozen=True)
class Portrait:
    """A photo with the key points and parsing of its person, in pixels of the photo.

    `mask` and `mask_box` are the pose estimator's silhouette, as in `Crowd`. It includes what the
    person carries, which a parsing may omit.
    """

    photo: Frames
    skeleton: Skeleton
    parsing: Parsing
    mask: UInt8[Tensor, "1 S B"]
    mask_box: Float[Tensor, "1 4"]


def analyze_photo(
    photo: Photo,
    estimator: SkeletonEstimator[Any],
    parser: Parser[Any],
    progress: Progress,
) -> Portrait:
    """Find the person in a photo; the largest one if there are several.

    A photo in which the person is not upright is rotated first. What the photo does not show of
    the person is noted.

    Raises:
        NoPersonError: the photo shows nobody or only a head, or is too small.
    """
    height, width = photo.pixels.shape[:2]
    if min(height, width) < SMALLEST:
        raise NoPersonError(
            "the photo is too small",
            given=f"{photo.name}, {width}x{height} pixels",
            expected=f"{SMALLEST} pixels or more on each side, ideally several hundred",
            advice="use a larger photo",
        )
    sighting = turn_upright(photo, estimator, progress)
    photo, frames, people = sighting.photo, sighting.frames, sighting.people
    if len(people) == 0:
        raise NoPersonError(
            "no person found in the photo",
            given=f"{photo.name}, {width}x{height} pixels",
            expected="one person, large in the photo, ideally from head to feet",
            advice="crop the photo around the person, or use another pose_estimator",
        )
    if len(people) > 1:
        progress.note(f"the photo shows {len(people)} people: the largest is the target")
    person = largest_person(people)
    skeleton = person.skeleton
    for text in photo_warnings(photo, skeleton):
        progress.note(text)
    labels = method.parse(parser, frames, skeleton).labels
    if photo.alpha is not None:
        # The alpha channel of a cut-out marks the person.
        labels = torch.where(torch.from_numpy(photo.alpha)[None] < 128, 0, labels).to(torch.uint8)
    side = cut_side(labels[0].numpy())
    if side:
        progress.note(
            f"the {side} edge of the photo cuts the person lengthwise, so the result will look "
            "wrong: use a photo that shows both sides of the body"
        )
    for text in label_warnings(labels[0].numpy(), skeleton, photo.pixels):
        progress.note(text)
    mask, mask_box = silhouette_of(person)
    return Portrait(frames, skeleton, Parsing(labels), mask, mask_box)


def target_on_canvas(portrait: Portrait, canvas: tuple[int, int]) -> Target:
    """Crop the photo to the canvas.

    Raises:
        NoPersonError: the parser found nothing.
    """
    box = _union(extents(portrait.skeleton), _labelled(portrait.parsing.labels[0].numpy()))
    window = around(box, canvas)
    return Target(
        photo=portrait.photo,
        window=window,
        image=crop_frames(portrait.photo, window).images,
        parsing=Parsing(crop_labels(portrait.parsing.labels, window)),
        skeleton=portrait.skeleton.moved(window.to_canvas),
    )


def _labelled(labels: npt.NDArray[np.uint8]) -> Tensor:
    """x0, y0, x1, y1 around everything that is not background."""
    rows, columns = np.flatnonzero(labels.any(1)), np.flatnonzero(labels.any(0))
    if len(rows) == 0:
        raise NoPersonError(
            "the parser found no person in the photo, although the pose estimator did",
            advice="use another parser, or a photo with more light and contrast",
        )
    return torch.tensor([[columns[0], rows[0], columns[-1], rows[-1]]], dtype=torch.float32)


def _union(a: Tensor, b: Tensor) -> Tensor:
    return torch.cat([torch.fmin(a[:, :2], b[:, :2]), torch.fmax(a[:, 2:], b[:, 2:])], 1)
