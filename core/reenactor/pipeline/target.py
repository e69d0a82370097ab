"""From a photo to the target: who is in it, what each pixel is, and where the canvas lies."""

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
from reenactor.pipeline.shown import cut_side, doubtful, lacks
from reenactor.pipeline.upright import largest, sighted
from reenactor.progress import Progress
from reenactor.roles import Parser, SkeletonEstimator
from reenactor.values import Frames, Parsing, Skeleton, Target

SMALLEST = 32
"""Pixels of a photo's shorter side: on fewer nobody can be told from a stain."""


@dataclass(frozen=True)
class Portrait:
    """A photo with the person in it: key points and parsing in pixels of the photo.

    `mask` and `mask_box` are the silhouette that the pose estimator saw, as in `Crowd`; it holds
    what the person carries, which a parsing may leave out.
    """

    photo: Frames
    skeleton: Skeleton
    parsing: Parsing
    mask: UInt8[Tensor, "1 S B"]
    mask_box: Float[Tensor, "1 4"]


def study(
    photo: Photo,
    estimator: SkeletonEstimator[Any],
    parser: Parser[Any],
    progress: Progress,
) -> Portrait:
    """Find the person in a photo; of several, the largest.

    A photo in which the person lies or is upside down is turned first. What the photo does not
    show of the person is noted.

    Raises:
        NoPersonError: nobody is in the photo, or no more than a head, or it is too small for
            anybody.
    """
    height, width = photo.pixels.shape[:2]
    if min(height, width) < SMALLEST:
        raise NoPersonError(
            "the photo of the target is too small",
            given=f"{photo.name}, {width}x{height} pixels",
            expected=f"{SMALLEST} pixels or more on each side, best some hundreds",
            advice="take a larger photo",
        )
    sighting = sighted(photo, estimator, progress)
    photo, frames, people = sighting.photo, sighting.frames, sighting.people
    if len(people) == 0:
        raise NoPersonError(
            "nobody was found in the photo of the target",
            given=f"{photo.name}, {width}x{height} pixels",
            expected="one person, large in the picture, best seen from head to feet",
            advice="crop the photo around the person, or name another pose_estimator",
        )
    if len(people) > 1:
        progress.note(f"{len(people)} people are in the photo: the largest is the target")
    person = largest(people)
    skeleton = person.skeleton
    for text in lacks(photo, skeleton):
        progress.note(text)
    labels = method.parse(parser, frames, skeleton).labels
    if photo.alpha is not None:
        # A cut-out says itself where the person ends.
        labels = torch.where(torch.from_numpy(photo.alpha)[None] < 128, 0, labels).to(torch.uint8)
    side = cut_side(labels[0].numpy())
    if side:
        progress.note(
            f"the {side} side of the photo cuts the person lengthwise: half of a person is too "
            "little, and the result will not look like one; use a photo that shows both sides"
        )
    for text in doubtful(labels[0].numpy(), skeleton, photo.pixels):
        progress.note(text)
    mask, mask_box = silhouette_of(person)
    return Portrait(frames, skeleton, Parsing(labels), mask, mask_box)


def on_canvas(portrait: Portrait, canvas: tuple[int, int]) -> Target:
    """Lay the person out on the canvas.

    Raises:
        NoPersonError: the parser labelled nothing.
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
            "the parser found no person where the pose estimator did",
            advice="try another parser, or a photo with more light and contrast",
        )
    return torch.tensor([[columns[0], rows[0], columns[-1], rows[-1]]], dtype=torch.float32)


def _union(a: Tensor, b: Tensor) -> Tensor:
    return torch.cat([torch.fmin(a[:, :2], b[:, :2]), torch.fmax(a[:, 2:], b[:, 2:])], 1)
