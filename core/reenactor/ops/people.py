"""Joining the tracks of one person: across a cut, an absence, or somebody who passed in front.

Three things are weighed against each other, in units of a log-likelihood ratio: the colours of
two tracks, whether one goes on where the other ended, and that two people in one frame are two.
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
"""What a difference of 1 from `SAME_COLOURS` weighs; different clothes weigh 4 at most, and
equal ones 2, for others wear them too."""
REACH, SPEED = 0.3, 1.5
"""Heights of a person by which they are elsewhere after a moment, and after each second more."""
WINDOW, STRAIGHT = 1.0, 0.1
"""Seconds before and after a gap in which a movement is looked at, and the heights by which
somebody who goes on may leave a straight line there."""
HORIZON = 3.0
"""Seconds after which a place says nothing any more."""
TWICE = 0.6
"""Of two boxes in a frame of which one covers more of the other, both may be of one person."""
ALONE = 1.0
"""What must speak for two tracks being one person."""
UNLIKE = -2.0
"""Whose colours weigh less than this is somebody else, wherever they are."""


@dataclass(frozen=True)
class _Track:
    """A track: its detections in time, and its colours."""

    members: npt.NDArray[np.int64]
    look: Array


class Tracks:
    """Compares the tracks of a clip.

    Args:
        found: everybody in every frame.
        track: the number of each one's track, from 0.
        cuts: the frames that begin another shot, ascending.
        fps: frames a second.
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
        self._tracks = [_Track(one, self._look(one)) for one in each[:count]]
        self._met: list[set[int]] = [set() for _ in range(count)]
        for here in found.by_frame:
            covered = coverage(found.box[here], found.box[here])
            apart = (covered < TWICE) & (covered.T < TWICE)
            for i, j in permutations(range(len(here)), 2):
                if apart[i, j]:
                    self._met[int(track[here[i]])].add(int(track[here[j]]))

    def joined(self, importance: Float[np.ndarray, " N"]) -> Int64[np.ndarray, " N"]:
        """The number of each track's person, from 0.

        The most important tracks are given their people first, so that the long and large ones
        say who is there.
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
        """How much speaks for a track being of the person who has the others; above 0 it is."""
        if not self._met[track].isdisjoint(others):
            return -np.inf
        return self._colours(track, others) + self._place(track, others) - ALONE

    def candidates(self, person: Int64[np.ndarray, " N"], wanted: int) -> list[int]:
        """The tracks that may be a person's, though too little speaks for it: of all who are
        never in one frame with them and do not wear clearly other colours.

        Args:
            person: the number of each track's person.
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
        """What colours say; 0 where they are not seen."""
        theirs = np.sum([self._tracks[t].look for t in others], axis=0)
        same = alike(self._tracks[track].look, theirs)
        return 0.0 if same is None else float(np.clip(COLOURS * (same - SAME_COLOURS), -4, 2))

    def _look(self, members: npt.NDArray[np.int64]) -> Array:
        """The colours of somebody, from where they are clearly seen."""
        clear = members[self._found.clear[members]]
        looks: Array = self._found.look[clear if len(clear) else members].sum(0, np.float64)
        return looks

    def _place(self, track: int, others: list[int]) -> float:
        """What the place says: of the others' tracks the last one that was there when this one
        begins, and the first one after its end, count."""
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
        """What the place says of one stretch of detections going on as another: that both lie on
        one straight movement, and that nobody is as quick as that."""
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
    """How far places are from a straight and even movement, as the root of the mean square."""
    share = sure / sure.sum()
    time = seconds - share @ seconds
    apart = places - share @ places
    speed = (share * time) @ apart / max(float(share @ time**2), 1e-9)
    return float(np.sqrt(share @ ((apart - time[:, None] * speed) ** 2).sum(1)))
