"""Re-identification: joins the tracks of one person across cuts, absences and occlusions.

Three cues are combined as log-likelihood ratios: the colours of two tracks, the continuity of their
movement, and that two detections in one frame are two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt
from jaxtyping import Float, Int64

from reenactor.ops.appearance import alike
from reenactor.ops.boxes import coverage
from reenactor.ops.tracking import SAME_COLOURS, Array, Detections

COLOURS = 10.0
"""The weight of a difference of 1 from `SAME_COLOURS`. Different clothes count at most 4, equal
ones at most 2, because others may wear them too."""
REACH, SPEED = 0.3, 1.5
"""The plausible displacement in body heights: immediately, and per second of the gap."""
WINDOW, STRAIGHT = 1.0, 0.1
"""The window before and after a gap in seconds, and the tolerated deviation from straight movement
in body heights."""
HORIZON = 3.0
"""Position is ignored after gaps longer than this, in seconds."""
TWICE = 0.6
"""Two boxes in a frame that overlap more than this may be the same person."""
ALONE = 1.0
"""The minimum evidence for joining two tracks."""
UNLIKE = -2.0
"""Tracks with colour evidence below this are different people, whatever their position."""


@dataclass(frozen=True)
class _Track:
    """A track: its detections in order, and its colours."""

    members: npt.NDArray[np.int64]
    appearance: Array


class Tracks:
    """Compares the tracks of a clip.

    Args:
        found: all detections.
        track: the track number of each detection, from 0.
        cuts: the first frames of new shots, ascending.
        fps: frames per second.
    """

    def __init__(
        self,
        found: Detections,
        track: Int64[np.ndarray, " M"],
        cuts: Sequence[int],
        fps: float,
    ) -> None:
        self._found = found
        self._shot = np.searchsorted(cuts, found.frame, side="right")
        self._fps = fps
        count = int(track.max(initial=-1)) + 1
        order = np.argsort(track, kind="stable")
        each = np.split(order, np.searchsorted(track[order], np.arange(1, count)))
        self._tracks = [_Track(one, self._appearance(one)) for one in each[:count]]
        self._met: list[set[int]] = [set() for _ in range(count)]
        for here in found.by_frame:
            covered = coverage(found.box[here], found.box[here])
            apart = (covered < TWICE) & (covered.T < TWICE)
            for i, j in permutations(range(len(here)), 2):
                if apart[i, j]:
                    self._met[int(track[here[i]])].add(int(track[here[j]]))

    def joined(self, importance: Float[np.ndarray, " N"]) -> Int64[np.ndarray, " N"]:
        """Assign a person number, from 0, to each track.

        Tracks are processed by importance, so that long and large tracks define the people.
        """
        people: list[list[int]] = []
        person = np.full(len(self._tracks), -1, np.int64)
        for t in np.argsort(-importance, kind="stable").tolist():
            weights = [self.affinity(t, person_tracks) for person_tracks in people]
            best = int(np.argmax(weights)) if weights else -1
            if weights and weights[best] > 0:
                person[t] = best
                people[best].append(t)
            else:
                person[t] = len(people)
                people.append([t])
        return person

    def affinity(self, track: int, others: list[int]) -> float:
        """The evidence that a track belongs to the person of the other tracks; positive if it
        does."""
        if not self._met[track].isdisjoint(others):
            return -np.inf
        return self._colours(track, others) + self._place(track, others) - ALONE

    def candidates(self, person: Int64[np.ndarray, " N"], wanted: int) -> list[int]:
        """Further tracks that might belong to a person: those of people who are never in the same
        frame and do not wear clearly different colours.

        Args:
            person: the person number of each track.
            wanted: the person.
        """
        theirs = np.flatnonzero(person == wanted).tolist()
        met = set(person[list(set().union(*(self._met[t] for t in theirs)))].tolist())
        return [
            t
            for t, one in enumerate(person.tolist())
            if one not in (*met, wanted) and self._colours(t, theirs) > UNLIKE
        ]

    def _colours(self, track: int, others: list[int]) -> float:
        """The evidence from colours; 0 if they are not visible."""
        theirs = np.sum([self._tracks[t].appearance for t in others], axis=0)
        same = alike(self._tracks[track].appearance, theirs)
        return 0.0 if same is None else float(np.clip(COLOURS * (same - SAME_COLOURS), -4, 2))

    def _appearance(self, members: npt.NDArray[np.int64]) -> Array:
        """The mean appearance, from detections without occlusion if there are any."""
        clear = members[self._found.clear[members]]
        total: Array = self._found.appearance[clear if len(clear) else members].sum(0, np.float64)
        return total

    def _place(self, track: int, others: list[int]) -> float:
        """The evidence from positions, using the nearest of the other tracks before this one begins
        and after it ends."""
        mine, frame = self._tracks[track].members, self._found.frame
        before, after = [], []
        for members in (self._tracks[t].members for t in others):
            first, last = np.searchsorted(frame[members], frame[mine[[0, -1]]])
            before.append(members[:first])
            after.append(members[last:])
        earlier = max(before, key=lambda part: frame[part[-1]] if len(part) else -1)
        later = min(after, key=lambda part: frame[part[0]] if len(part) else np.inf)
        weight = self._continuity(earlier, mine) if len(earlier) else 0.0
        return weight + (self._continuity(mine, later) if len(later) else 0.0)

    def _continuity(self, earlier: npt.NDArray[np.int64], later: npt.NDArray[np.int64]) -> float:
        """The evidence that one sequence of detections continues another: both fit one straight
        movement, at a plausible speed."""
        found = self._found
        a, b = int(earlier[-1]), int(later[0])
        start, end = found.frame[a], found.frame[b]
        gap = float(end - start) / self._fps
        if gap > HORIZON or self._shot[a] != self._shot[b]:
            return 0.0
        window = round(WINDOW * self._fps)
        near = np.concatenate([earlier[-window:], later[:window]])
        near = near[np.abs(found.frame[near] - (start + end) / 2) <= (end - start) / 2 + window]
        height = max(float((found.box[near, 3] - found.box[near, 1]).mean()), 1.0)
        middle = (found.box[:, :2] + found.box[:, 2:]) / 2 / height
        apart = float(np.hypot(*(middle[b] - middle[a])))
        reach = REACH + SPEED * gap
        if apart > reach:
            return max(3 * (1 - apart / reach), -6.0)
        sure = np.where(found.clear[near], 1.0, 0.25)
        off = _off_line(found.frame[near] / self._fps, middle[near], sure)
        return float(np.exp(-gap)) * max(2 - 0.5 * (off / STRAIGHT) ** 2, 0.0)


def _off_line(seconds: Array, places: Array, sure: Array) -> float:
    """The RMS deviation of positions from uniform straight movement."""
    share = sure / sure.sum()
    time = seconds - share @ seconds
    apart = places - share @ places
    speed = (share * time) @ apart / max(float(share @ time**2), 1e-9)
    return float(np.sqrt(share @ ((apart - time[:, None] * speed) ** 2).sum(1)))
