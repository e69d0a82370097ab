"""From a photo to the target: who is in it, what each pixel is, and where the canvas lies."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from reenactor.errors import NoPersonError
from reenactor.joints import Joint
from reenactor.media.photo import Photo
from reenactor.ops.geometry import crop_frames, crop_labels
from reenactor.ops.silhouette import silhouette_of
from reenactor.ops.windows import SEEN as FAINT
from reenactor.ops.windows import around, extents
from reenactor.pipeline import method
from reenactor.pipeline.upright import SEEN, crouches, largest, sighted
from reenactor.progress import Progress
from reenactor.roles import Parser, SkeletonEstimator
from reenactor.values import Frames, Parsing, Skeleton, Target

SMALLEST = 32
"""Pixels of a photo's shorter side: on fewer nobody can be told from a stain."""
J = Joint
_TRUNK = (J.NECK, J.L_SHOULDER, J.R_SHOULDER, J.MID_HIP, J.L_HIP, J.R_HIP)
_PARTS = {
    "the head": (J.NOSE, J.L_EYE, J.R_EYE, J.L_EAR, J.R_EAR),
    "the hips": (J.MID_HIP, J.L_HIP, J.R_HIP),
    "the knees": (J.L_KNEE, J.R_KNEE),
    "the feet": (J.L_ANKLE, J.R_ANKLE),
}
_RIM = 0.03
"""Of the photo's sides: shoulders and hips nearer to its border are hardly in it."""


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
    _note_missing(photo, skeleton, progress)
    if crouches(person):
        progress.note(
            "the person in the photo sits or crouches: one who stands gives a better dancer"
        )
    labels = method.parse(parser, frames, skeleton).labels
    if photo.alpha is not None:
        # A cut-out says itself where the person ends.
        labels = torch.where(torch.from_numpy(photo.alpha)[None] < 128, 0, labels).to(torch.uint8)
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


def _note_missing(photo: Photo, skeleton: Skeleton, progress: Progress) -> None:
    """Note what of the person is not in the photo; refuse a photo that shows no trunk."""
    size = torch.tensor(photo.pixels.shape[1::-1])
    xy, sure = skeleton.body[0, :, :2], skeleton.body[0, :, 2]
    well = ((xy >= _RIM * size) & (xy < (1 - _RIM) * size)).all(1)
    inside = ((xy >= 0) & (xy < size)).all(1)
    if not bool((well & (sure > FAINT))[list(_TRUNK)].any()):
        raise NoPersonError(
            "the photo shows neither the shoulders nor the hips of the person",
            given=photo.name,
            expected="one person, best seen from head to feet, at least head and shoulders",
            advice="a photo taken from farther away",
        )
    seen = inside & (sure >= SEEN)
    missing = [part for part, joints in _PARTS.items() if not bool(seen[list(joints)].any())]
    if "the knees" in missing:
        below = "anything below the " + ("waist" if "the hips" in missing else "hips")
        missing = [part for part in missing if part == "the head"] + [below]
    if missing:
        progress.note(
            f"the photo does not show {' or '.join(missing)}, and neither will the result: for a "
            "whole dancer use a photo from head to feet"
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
