"""What must go from the driver's pictures so that the real dancer is seen in none of them."""

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
"""Seconds between two frames for which somebody who was not found was there nevertheless."""
AROUND = 1.0
"""Seconds before somebody is first found, and after the last time, for which the same holds."""


GROWN, SHRUNK = 0.08, 0.03
"""How much wider than the place of somebody hidden the hole is, for their pose is not known, and
how much narrower than their holes those are who hide them, in heights of the hidden one."""


@dataclass(frozen=True)
class Removal:
    """The holes of a driver's frames.

    Where the dancer is followed, that is the dancer. Elsewhere it is whoever may be the dancer,
    and the places at which the dancer may be though nobody was found there. `perhaps`, `places`
    and `others` are these people, and those who are somebody else.
    """

    motion: Motion
    perhaps: Crowd
    places: Crowd
    others: Crowd

    def hole(self, index: int) -> Mask:
        """What to replace in a frame, generously."""
        motion, at = self.motion, slice(index, index + 1)
        if bool(motion.present[index]):
            return silhouette.hole(
                motion.clip.size, motion.skeleton[at], motion.mask[at], motion.mask_box[at]
            )
        places = _holes(self.places, index)
        others = _holes(self.others, index)
        if places.any() and others.any():
            # Somebody else stands in front, and that is why: what sticks out behind them goes.
            height = float((self.places.box[:, 3] - self.places.box[:, 1]).median())
            places = (_distance(~places) <= GROWN * height) & (_distance(others) <= SHRUNK * height)
        return places | _holes(self.perhaps, index)

    def strangers(self, index: int) -> bool:
        """Whether somebody stays in a frame in which the dancer is not followed."""
        return bool((self.others.frame == index).any())

    def covered(self, index: int) -> bool:
        """Whether anything is known of where the dancer may be in such a frame."""
        return any(bool((some.frame == index).any()) for some in (self.perhaps, self.places))


def removal_of(crowd: Crowd, tracked: TrackedPeople, chosen: int, motion: Motion) -> Removal:
    """What to remove besides the dancer who is followed."""
    absent = ~motion.present.numpy()
    lonely = absent[crowd.frame.numpy()]
    mine = tracked.person == chosen
    perhaps = np.zeros(len(mine), bool)
    perhaps[tracked.candidates(chosen)] = True
    return Removal(
        motion=motion,
        perhaps=_some(crowd, np.flatnonzero(lonely & (perhaps | mine))),
        places=_places(crowd, np.flatnonzero(mine), absent),
        others=_some(crowd, np.flatnonzero(lonely & ~perhaps & ~mine)),
    )


def _places(crowd: Crowd, mine: Numbers, absent: Mask) -> Crowd:
    """The dancer's last and next silhouettes, on the way from one to the other."""
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
    moved = _some(crowd, np.array(row, np.int64)[order])
    by = torch.from_numpy(np.array(shift).reshape(-1, 2)[order]).float()
    to = torch.eye(2).repeat(len(by), 1, 1)
    return replace(
        moved,
        frame=torch.from_numpy(np.array(frame, np.int64)[order]),
        skeleton=moved.skeleton.moved(torch.cat([to, by[..., None]], -1)),
        box=moved.box + by.repeat(1, 2),
        mask_box=moved.mask_box + by.repeat(1, 2),
    )


def _some(crowd: Crowd, rows: Numbers) -> Crowd:
    """Some of the people."""
    at = torch.from_numpy(rows)
    return Crowd(
        clip=crowd.clip,
        frame=crowd.frame[at],
        skeleton=crowd.skeleton[at],
        score=crowd.score[at],
        box=crowd.box[at],
        mask=crowd.mask[at],
        mask_box=crowd.mask_box[at],
        appearance=crowd.appearance[at],
    )


def _distance(mask: Mask) -> npt.NDArray[np.float32]:
    """How many pixels each one of a mask is from what is not in it; 0 outside."""
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3), np.float32)


def _holes(people: Crowd, index: int) -> Mask:
    """The holes of all of some people who are in one frame."""
    out = np.zeros(people.clip.size, bool)
    for m in torch.nonzero(people.frame == index).flatten().tolist():
        at = slice(m, m + 1)
        out |= silhouette.hole(
            people.clip.size, people.skeleton[at], people.mask[at], people.mask_box[at]
        )
    return out
