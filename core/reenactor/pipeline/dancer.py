"""From everybody in a clip to the dancer's motion: choose a person, bridge gaps, smooth."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from reenactor.errors import NoPersonError
from reenactor.ops import tracking
from reenactor.ops.people import Tracks
from reenactor.ops.silhouette import body_height
from reenactor.ops.smoothing import bridge, one_euro, without_spikes
from reenactor.ops.tracking import detections
from reenactor.spec.motion import ByBox, ByIndex, ByPoint, Largest, Subject
from reenactor.values import Crowd, Motion, Skeleton

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Work = Callable[[Array, Mask], tuple[Array, Mask]]

PATIENCE = 1.0
"""Seconds for which a person may be missed and keep the same track."""
LONGEST_GAP = 0.5
"""Seconds of a gap that is bridged; in a longer one the dancer is absent."""
METRES = 1.7
"""Height of a body in the units of `Skeleton.world`."""


@dataclass(frozen=True)
class TrackedPeople:
    """The detections of a crowd, grouped by person.

    Attributes:
        person: number of the person of each detection.
        order: the people, the most important first.
        candidates: rows of the detections that may also be of a person.
    """

    person: npt.NDArray[np.int64]
    order: tuple[int, ...]
    candidates: Callable[[int], npt.NDArray[np.int64]]


def track_people(crowd: Crowd) -> TrackedPeople:
    """Link detections into tracks, and join the tracks of each person."""
    fps = float(crowd.clip.fps)
    found = detections(crowd.frame, crowd.box, crowd.skeleton.body, crowd.appearance)
    track = tracking.link(found, max(1, round(PATIENCE * fps)))
    tracks = Tracks(found, track, crowd.clip.cuts, fps)
    joined = tracks.joined(tracking.importance(track, crowd.box, crowd.score))
    person = joined[track]

    def candidates(one: int) -> npt.NDArray[np.int64]:
        return np.flatnonzero(np.isin(track, tracks.candidates(joined, one)))

    order = tracking.by_importance(
        person, found.frame, crowd.box, crowd.score, crowd.clip.size[1], round(fps)
    )
    return TrackedPeople(person, tuple(order), candidates)


def choose_dancer(crowd: Crowd, tracked: TrackedPeople, subject: Subject) -> int:
    """The number of the person whom `subject` selects.

    Raises:
        NoPersonError: the video shows nobody, or not the person asked for.
    """
    if not tracked.order:
        raise NoPersonError(
            "nobody was found in the driving video",
            given=crowd.clip.name,
            expected="a person at least a quarter as tall as the frame",
            advice="crop the video around the dancer, or use another pose_estimator",
        )
    match subject:
        case Largest():
            chosen: int | None = tracked.order[0]
        case ByIndex(index=number):
            chosen = tracked.order[number] if number < len(tracked.order) else None
        case ByPoint(point=(x, y)):
            chosen = tracking.nearest_to_point(tracked.order, tracked.person, crowd.box, x, y)
        case ByBox(box=wanted):
            chosen = tracking.nearest_to_box(tracked.order, tracked.person, crowd.box, wanted)
    if chosen is None:
        raise NoPersonError(
            "no such person in the video",
            given=str(subject.model_dump(mode="json")),
            expected=f"one of {len(tracked.order)} people, numbered from 0 by size",
            advice="`reenactor analyze` draws a sheet with everybody's number",
        )
    return chosen


def extract_motion(crowd: Crowd, tracked: TrackedPeople, chosen: int, smooth: bool) -> Motion:
    """The chosen person's motion over all frames of the clip.

    Gaps of up to half a second are bridged, for the whole person and for each key point. Nothing
    is bridged or smoothed across a cut.
    """
    mine = _once(crowd, np.flatnonzero(tracked.person == chosen))
    shots = [_in_shot(crowd, mine, shot, smooth) for shot in crowd.clip.shots]
    return Motion(
        clip=crowd.clip,
        skeleton=Skeleton.joined([shot.skeleton for shot in shots]),
        present=torch.cat([shot.present for shot in shots]),
        box=torch.cat([shot.box for shot in shots]),
        mask=torch.cat([shot.mask for shot in shots]),
        mask_box=torch.cat([shot.mask_box for shot in shots]),
    )


def _once(crowd: Crowd, mine: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """One detection per frame: the largest and most confident."""
    height = (crowd.box[mine, 3] - crowd.box[mine, 1]) * crowd.score[mine]
    best = mine[np.lexsort((-height.numpy(), crowd.frame[mine].numpy()))]
    first = np.unique(crowd.frame[best].numpy(), return_index=True)[1]
    return np.asarray(best[first], np.int64)


@dataclass(frozen=True)
class _Shot:
    """A motion's rows between two cuts."""

    skeleton: Skeleton
    present: Tensor
    box: Tensor
    mask: Tensor
    mask_box: Tensor


def _in_shot(crowd: Crowd, mine: npt.NDArray[np.int64], shot: slice, smooth: bool) -> _Shot:
    """The dancer's motion in one shot."""
    length = shot.stop - shot.start
    frames = crowd.frame.numpy()[mine] - shot.start
    mine = mine[(frames >= 0) & (frames < length)]
    frames = crowd.frame.numpy()[mine] - shot.start
    gap = max(1, round(LONGEST_GAP * float(crowd.clip.fps)))
    known = np.zeros(length, bool)
    known[frames] = True

    def spread(values: Tensor) -> Array:
        rows = np.zeros((length, *values.shape[1:]))
        rows[frames] = values[mine].double().numpy()
        return rows

    unit = _unit(crowd.skeleton, mine)
    smoother = _Smoother(crowd.clip.seconds.numpy()[shot], gap, smooth)
    world = None
    if crowd.skeleton.world is not None:
        flat = spread(crowd.skeleton.world)
        world = _tensor(smoother.follow(flat, np.repeat(known[:, None], 25, 1), METRES)[0])
    skeleton = Skeleton(
        body=smoother.points(spread(crowd.skeleton.body), unit),
        hands=smoother.points(spread(crowd.skeleton.hands), unit),
        face=smoother.points(spread(crowd.skeleton.face), unit),
        world=world,
    )
    _, present = bridge(spread(crowd.box), known, gap)
    return _Shot(
        skeleton=skeleton,
        present=torch.from_numpy(present),
        box=_tensor(bridge(spread(crowd.box), known, gap)[0]),
        mask=_nearest(crowd.mask[mine], frames, length),
        mask_box=_tensor(bridge(spread(crowd.mask_box), known, gap)[0]),
    )


def _unit(skeleton: Skeleton, mine: npt.NDArray[np.int64]) -> float:
    """The dancer's height in pixels, the unit of speeds."""
    heights = [body_height(skeleton[m : m + 1]) for m in mine[::5].tolist()]
    return max(float(np.median(heights)), 1.0) if heights else 1.0


def _nearest(values: Tensor, frames: npt.NDArray[np.int64], length: int) -> Tensor:
    """For each frame the row of `values` of the nearest frame that has one; zeros if none has."""
    if not len(frames):
        return values.new_zeros(length, *values.shape[1:])
    index = np.arange(length)
    after = np.searchsorted(frames, index).clip(0, len(frames) - 1)
    before = (after - 1).clip(0)
    closer = np.abs(frames[before] - index) < np.abs(frames[after] - index)
    return values[torch.from_numpy(np.where(closer, before, after))]


def _tensor(values: Array) -> Tensor:
    return torch.from_numpy(values).float()


@dataclass(frozen=True)
class _Smoother:
    """Bridges and smooths the trajectories of one shot."""

    seconds: Array
    gap: int
    smooth: bool

    def points(self, points: Array, unit: float) -> Tensor:
        """Key points `(T, ..., 3)`; confidence 0 means unknown."""
        flat = points.reshape(len(points), -1, 3)
        xy, known = self.follow(flat[..., :2], flat[..., 2] > 0, unit)
        confidence, _ = self._columns(flat[..., 2:], flat[..., 2] > 0, self._bridge)
        out = np.concatenate([xy, confidence * known[..., None]], -1)
        return _tensor(out.reshape(points.shape))

    def follow(self, xy: Array, known: Mask, unit: float) -> tuple[Array, Mask]:
        """Bridge, then smooth coordinates `(T, K, C)`, known where `(T, K)` is true."""
        filled, known = self._columns(xy, known, self._bridge)
        if self.smooth:
            filled, known = self._columns(
                filled, known, lambda path, where: (self._smoothed(path, where, unit), where)
            )
        return filled, known

    def _columns(self, values: Array, known: Mask, work: Work) -> tuple[Array, Mask]:
        """Apply `work` to points in groups that are known in the same frames."""
        out, where = values.copy(), known.copy()
        patterns, member = np.unique(known, axis=1, return_inverse=True)
        for number in range(patterns.shape[1]):
            columns = np.flatnonzero(member.ravel() == number)
            path = values[:, columns].reshape(len(values), -1)
            done, have = work(path, patterns[:, number])
            out[:, columns] = done.reshape(len(values), len(columns), -1)
            where[:, columns] = have[:, None]
        return out, where

    def _bridge(self, path: Array, known: Mask) -> tuple[Array, Mask]:
        return bridge(path, known, self.gap)

    def _smoothed(self, path: Array, known: Mask, unit: float) -> Array:
        """Smooth each run without gaps."""
        out = path.copy()
        for start, stop in stretches(known):
            clean = without_spikes(path[start:stop], 0.03 * unit)
            out[start:stop] = one_euro(clean, self.seconds[start:stop], unit)
        return out


def stretches(known: Mask) -> list[tuple[int, int]]:
    """Start and stop of each run of True values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
