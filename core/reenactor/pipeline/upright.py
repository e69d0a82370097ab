"""Rotating a photo until its person is upright."""

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
"""Smallest confidence of a key point that is used."""
_LEANING = 0.5
"""Cosine of the angle to the vertical within which a body counts as upright: 60 degrees."""
_TOLD = {
    1: "is lying: the photo was rotated by 90 degrees anticlockwise",
    2: "is upside down: the photo was rotated by 180 degrees",
    3: "is lying: the photo was rotated by 90 degrees clockwise",
}


@dataclass(frozen=True)
class UprightPhoto:
    """A photo, rotated if necessary, and everybody in it."""

    photo: Photo
    people: People

    @property
    def frames(self) -> Frames:
        """The photo as components take it.

        A rotated photo has another name, because files prepared for the photo do not fit it.
        """
        return _frames(self.photo)


def turn_upright(
    photo: Photo, estimator: SkeletonEstimator[Any], progress: Progress
) -> UprightPhoto:
    """Find everybody in a photo, rotated by quarter turns if nobody in it is upright.

    A photo stays as it is if no rotation helps.
    """
    people = _found(estimator, photo)
    asis = UprightPhoto(photo, people)
    needed = quarter_turns(largest_person(people)) if len(people) else None
    if needed == 0:
        return asis
    best: tuple[float, int, UprightPhoto] | None = None
    for turns in (1, 3, 2) if needed is None else (needed,):
        turned = _turned(photo, turns)
        found = _found(estimator, turned)
        if len(found) == 0 or quarter_turns(largest_person(found), unknown=2) != 0:
            continue
        score = float(largest_person(found).score[0])
        if best is None or score > best[0]:
            name = f"{photo.name}-turned"
            best = score, turns, UprightPhoto(replace(turned, name=name), found)
    if best is not None:
        progress.note(f"the person in the photo {_TOLD[best[1]]}")
        return best[2]
    if len(people):
        progress.note("the person in the photo is not upright: use a photo of a standing person")
    return asis


def _found(estimator: SkeletonEstimator[Any], photo: Photo) -> People:
    """Everybody in a photo whose key points can be drawn."""
    people = method.key_points(estimator, _frames(photo))[0]
    height, width = photo.pixels.shape[:2]
    return people[drawable(people.skeleton, (height, width))]


def largest_person(people: People) -> People:
    """The person with the largest height times score; `people` must not be empty."""
    height = people.box[:, 3] - people.box[:, 1]
    best = int((height * people.score).argmax())
    return people[best : best + 1]


def quarter_turns(person: People, unknown: int = 0) -> int:
    """The number of anticlockwise quarter turns that make a person upright.

    0 if trunk, or neck and feet, are within 60 degrees of the vertical; so bending and the splits
    count as upright. `unknown` if too few key points are visible.
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
