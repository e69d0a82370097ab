"""A photo in which the person lies or is upside down, turned until the person is upright."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from reenactor.joints import Joint
from reenactor.media.photo import Photo
from reenactor.ops.drawable import drawable
from reenactor.pipeline import method
from reenactor.progress import Progress
from reenactor.roles import SkeletonEstimator
from reenactor.values import Extent, Frames, People

J = Joint
SEEN = 0.3
"""The minimum confidence of joints."""
_LEANING = 0.5
"""Cosine of the angle to the vertical within which a body counts as upright: 60 degrees."""
_TOLD = {
    1: "lies on the side: the photo is turned by 90 degrees, anticlockwise",
    2: "is upside down: the photo is turned by 180 degrees",
    3: "lies on the side: the photo is turned by 90 degrees, clockwise",
}


@dataclass(frozen=True)
class Sighting:
    """A photo, turned or not, and everybody in it."""

    photo: Photo
    people: People

    @property
    def frames(self) -> Frames:
        """The photo as components see it.

        A turned one has a name of its own: files that were prepared for the photo do not fit it.
        """
        return _frames(self.photo)


def sighted(photo: Photo, estimator: SkeletonEstimator[Any], progress: Progress) -> Sighting:
    """Find everybody in a photo; where nobody stands upright in it, turn it by quarters.

    A photo that no turn helps stays as it is.
    """
    people = _found(estimator, photo)
    asis = Sighting(photo, people)
    needed = quarters(largest(people)) if len(people) else None
    if needed == 0:
        return asis
    best: tuple[float, int, Sighting] | None = None
    for turns in (1, 3, 2) if needed is None else (needed,):
        turned = _turned(photo, turns)
        found = _found(estimator, turned)
        if len(found) == 0 or quarters(largest(found), unknown=2) != 0:
            continue
        score = float(largest(found).score[0])
        if best is None or score > best[0]:
            name = f"{photo.name}-turned"
            best = score, turns, Sighting(replace(turned, name=name), found)
    if best is not None:
        progress.note(f"the person in the photo {_TOLD[best[1]]}")
        return best[2]
    if len(people):
        progress.note(
            "the person in the photo is not upright: one who stands gives a better dancer"
        )
    return asis


def _found(estimator: SkeletonEstimator[Any], photo: Photo) -> People:
    """Everybody in a photo who can be drawn."""
    people = method.key_points(estimator, _frames(photo))[0]
    height, width = photo.pixels.shape[:2]
    return people[drawable(people.skeleton, (height, width))]


def largest(people: People) -> People:
    """The one who is tall and surely a person; there must be somebody."""
    height = people.box[:, 3] - people.box[:, 1]
    best = int((height * people.score).argmax())
    return people[best : best + 1]


def quarters(person: People, unknown: int = 0) -> int:
    """By how many quarter turns, anticlockwise, a picture of somebody has to be turned.

    0 for who is upright, or bends, or does the splits: trunk, or neck and feet, within 60 degrees
    of the vertical. `unknown` where too little is seen to tell.
    """
    body = person.skeleton.body[0].double().numpy()

    def middle(*joints: int) -> np.ndarray | None:
        seen = [joint for joint in joints if body[joint, 2] >= SEEN]
        return body[seen, :2].mean(0) if seen else None

    neck = middle(J.NECK)
    if neck is None:
        neck = middle(J.L_SHOULDER, J.R_SHOULDER)
    head, hips = middle(J.NOSE, J.L_EAR, J.R_EAR), middle(J.MID_HIP)
    if hips is None:
        hips = middle(J.L_HIP, J.R_HIP)
    if neck is None:
        return unknown
    if hips is not None:
        feet = middle(J.L_ANKLE, J.R_ANKLE)
        down = [end - neck for end in (hips, feet) if end is not None]
    elif head is not None:
        down = [neck - head]
    else:
        return unknown
    lengths = [float(np.hypot(*step)) for step in down]
    if not all(np.isfinite(lengths)) or min(lengths) < 1:
        return unknown
    if any(step[1] > _LEANING * length for step, length in zip(down, lengths, strict=True)):
        return 0
    x, y = down[0]
    if abs(x) > abs(y):
        return 1 if x < 0 else 3
    return 2 if y < 0 else unknown


def _frames(photo: Photo) -> Frames:
    height, width = photo.pixels.shape[:2]
    pixels = torch.from_numpy(photo.pixels)[None]
    return Frames(pixels, (0,), photo.name, extent=Extent(1, (height, width)))


def _turned(photo: Photo, turns: int) -> Photo:
    def turn(picture: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.rot90(picture, turns))

    alpha = None if photo.alpha is None else turn(photo.alpha)
    return replace(photo, pixels=turn(photo.pixels), alpha=alpha)
