"""What to paint out of the driver's frames so that the real dancer is never visible."""

from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
import torch

from reenactor.ops import silhouette
from reenactor.pipeline.dancer import TrackedPeople
from reenactor.values import Crowd, Motion

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

HIDDEN = 3.0
"""Longest gap, in seconds, in which a missed person is assumed to be present."""
AROUND = 1.0
"""Seconds before the first and after the last detection for which the same is assumed."""

MARGIN, OCCLUDER_MARGIN = 0.08, 0.03
"""How far the hole of a hidden person extends beyond their last silhouette, because their pose is
unknown, and how far into the person in front of them; in heights of the hidden person."""


@dataclass(frozen=True)
class Removal:
    """The holes in a driver's frames.

    Where the dancer is tracked, the hole is the dancer. Elsewhere it is everybody who may be the
    dancer, and where the dancer may be although nobody was found.

    Attributes:
        motion: of the dancer.
        candidates: people in other frames who may be the dancer.
        places: silhouettes of the dancer, moved to where the dancer may be.
        others: people in other frames who are somebody else.
    """

    motion: Motion
    candidates: Crowd
    places: Crowd
    others: Crowd

    def hole(self, index: int) -> Mask:
        """What to paint out of a frame, with a margin."""
        motion, at = self.motion, slice(index, index + 1)
        if bool(motion.present[index]):
            return silhouette.hole(
                motion.clip.size, motion.skeleton[at], motion.mask[at], motion.mask_box[at]
            )
        places = _holes(self.places, index)
        others = _holes(self.others, index)
        if places.any() and others.any():
            # The dancer is hidden behind somebody else: paint out what sticks out behind them.
            height = float((self.places.box[:, 3] - self.places.box[:, 1]).median())
            places = (_distance(~places) <= MARGIN * height) & (
                _distance(others) <= OCCLUDER_MARGIN * height
            )
        return places | _holes(self.candidates, index)

    def has_others(self, index: int) -> bool:
        """Whether somebody else is visible in a frame without the dancer."""
        return bool((self.others.frame == index).any())

    def is_covered(self, index: int) -> bool:
        """Whether it is known where the dancer may be in such a frame."""
        return any(bool((some.frame == index).any()) for some in (self.candidates, self.places))


def plan_removal(crowd: Crowd, tracked: TrackedPeople, chosen: int, motion: Motion) -> Removal:
    """What to paint out besides the dancer."""
    absent = ~motion.present.numpy()
    lonely = absent[crowd.frame.numpy()]
    mine = tracked.person == chosen
    candidates = np.zeros(len(mine), bool)
    candidates[tracked.candidates(chosen)] = True
    return Removal(
        motion=motion,
        candidates=crowd[torch.from_numpy(np.flatnonzero(lonely & (candidates | mine)))],
        places=_places(crowd, np.flatnonzero(mine), absent),
        others=crowd[torch.from_numpy(np.flatnonzero(lonely & ~candidates & ~mine))],
    )


def _places(crowd: Crowd, mine: Numbers, absent: Mask) -> Crowd:
    """The dancer's last and next silhouettes, moved along the line between them."""
    clip, frames = crowd.clip, crowd.frame.numpy()
    row: list[int] = []
    frame: list[int] = []
    shift: list[npt.NDArray[np.float64]] = []
    hidden, around = (max(1, round(s * float(clip.fps))) for s in (HIDDEN, AROUND))
    middle = ((crowd.box[:, :2] + crowd.box[:, 2:]) / 2).double().numpy()

    def put(m: int, t: int, by: npt.NDArray[np.float64]) -> None:
        row.append(m)
        frame.append(t)
        shift.append(by)

    for shot in clip.shots:
        here = mine[(frames[mine] >= shot.start) & (frames[mine] < shot.stop)]
        if not len(here):
            continue
        for a, b in pairwise(here.tolist()):
            start, end = int(frames[a]), int(frames[b])
            for t in range(start + 1, end):
                if absent[t] and end - start <= hidden:
                    way = (middle[b] - middle[a]) * (t - start) / (end - start)
                    put(a, t, way)
                    put(b, t, middle[a] + way - middle[b])
                elif absent[t] and min(t - start, end - t) <= around:
                    put(a if t - start < end - t else b, t, np.zeros(2))
        first, last = int(frames[here[0]]), int(frames[here[-1]])
        for t in range(max(shot.start, first - around), first):
            put(int(here[0]), t, np.zeros(2))
        for t in range(last + 1, min(shot.stop, last + 1 + around)):
            put(int(here[-1]), t, np.zeros(2))
    order = np.argsort(np.array(frame, np.int64), kind="stable")
    moved = crowd[torch.from_numpy(np.array(row, np.int64)[order])]
    by = torch.from_numpy(np.array(shift).reshape(-1, 2)[order]).float()
    to = torch.eye(2).repeat(len(by), 1, 1)
    return replace(
        moved,
        frame=torch.from_numpy(np.array(frame, np.int64)[order]),
        skeleton=moved.skeleton.moved(torch.cat([to, by[..., None]], -1)),
        box=moved.box + by.repeat(1, 2),
        mask_box=moved.mask_box + by.repeat(1, 2),
    )


def _distance(mask: Mask) -> npt.NDArray[np.float32]:
    """Distance of each pixel of a mask from its outside, in pixels; 0 outside."""
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3), np.float32)


def _holes(people: Crowd, index: int) -> Mask:
    """The holes of people in one frame."""
    out = np.zeros(people.clip.size, bool)
    for m in torch.nonzero(people.frame == index).flatten().tolist():
        at = slice(m, m + 1)
        out |= silhouette.hole(
            people.clip.size, people.skeleton[at], people.mask[at], people.mask_box[at]
        )
    return out
