"""Linking the people of each frame into tracks, and choosing the dancer over the whole clip.

Choosing online loses the dancer to whoever passes closer to the camera; looking at whole tracks
does not. A track is a list of detections, without long gaps, that are the same person;
`reenactor.ops.people` joins the tracks of one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from jaxtyping import Bool, Float, Int64, UInt8
from torch import Tensor

from reenactor.ops.appearance import alike
from reenactor.ops.boxes import coverage, iou

MIN_AFFINITY = 0.2
"""Two detections less alike than this are not the same person."""
SAME_COLOURS = 0.8
"""Colours of one person are mostly more alike than this, those of two people mostly less."""
CLASH = 0.6
"""Colours speak no more than this against two detections: at the very same place, in the very
same pose, they are those of another light."""
STRANGE = -0.1
"""After a gap, who stands there in colours that speak more than this against it is another."""
MEMORY = 0.1
"""How much of a track's colours comes from its newest detection."""
MEETING = 0.4
"""Two people of whom one covers more of the other's box than this may be taken for each other."""
ASIDE = 0.3
"""By how much less a height counts at the side of the picture than in its middle."""
COVERED = 0.15
"""The colours of somebody of whom another's box covers more than this are not trusted."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Detections:
    """M people found in the frames of a clip, ordered by frame, as arrays.

    `box` is x0, y0, x1, y1 and `body` are key points, both in pixels; `look` is each one's
    colours (`reenactor.ops.appearance`); `clear` says who is not covered by somebody else.
    """

    frame: Int64[np.ndarray, " M"]
    box: Float[np.ndarray, "M 4"]
    body: Float[np.ndarray, "M 25 3"]
    look: UInt8[np.ndarray, "M R C"]
    clear: Bool[np.ndarray, " M"]

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def by_frame(self) -> list[list[int]]:
        """The detections of each frame in which there are any."""
        edges = [0, *(np.flatnonzero(np.diff(self.frame)) + 1).tolist(), len(self)]
        return [list(range(a, b)) for a, b in pairwise(edges) if b > a]


def detections(
    frame: Int64[Tensor, " M"],
    box: Float[Tensor, "M 4"],
    body: Float[Tensor, "M 25 3"],
    look: UInt8[Tensor, "M R C"],
) -> Detections:
    """The same as arrays, and who is clearly seen."""
    boxes = box.double().numpy()
    clear = np.ones(len(frame), bool)
    found = Detections(frame.numpy(), boxes, body.double().numpy(), look.numpy(), clear)
    for here in found.by_frame:
        for m in here:
            others = [n for n in here if n != m]
            clear[m] = (coverage(boxes[m : m + 1], boxes[others]) <= COVERED).all()
    return found


@dataclass
class _OpenTrack:
    """A track that may go on: its colours so far, its detections, and whether it is one that
    is left of two which came together: it may be either of them."""

    look: Array
    members: list[int] = field(default_factory=list)
    merged: bool = False

    def add(self, found: Detections, m: int) -> None:
        seen, known = (np.any(look, axis=1, keepdims=True) for look in (found.look[m], self.look))
        new = np.where(known, MEMORY if found.clear[m] else 0.0, 1.0) * seen
        self.look = (1 - new) * self.look + new * found.look[m]
        self.members.append(m)


def link(found: Detections, patience: int) -> Int64[np.ndarray, " M"]:
    """Give every detection the number of its track.

    A track goes on where it was or where its movement leads, and in its colours. Where one of
    two people who meet is not found any more, both tracks end, and once more where the two come
    apart: who is who is then told by all that was seen before and after.

    Args:
        found: everybody in every frame.
        patience: a track that was not seen for more frames than this has ended.

    Returns:
        Track numbers from 0, in order of first appearance.
    """
    number = np.full(len(found), -1, np.int64)
    tracks: list[_OpenTrack] = []
    alive: list[int] = []
    newest = 0

    def begin(m: int, merged: bool = False) -> None:
        number[m] = len(tracks)
        alive.append(len(tracks))
        tracks.append(_OpenTrack(np.zeros(found.look.shape[1:]), [], merged))
        tracks[-1].add(found, m)

    for here in found.by_frame:
        now = int(found.frame[here[0]])
        alive = [t for t in alive if now - found.frame[tracks[t].members[-1]] <= patience]
        pairs = []
        for t in alive:
            for m in here:
                place = _affinity(found, tracks[t].members, m, patience)
                colours = _colours(tracks[t], found.look[m])
                if colours < STRANGE and now - found.frame[tracks[t].members[-1]] > 1:
                    continue
                if place + min(max(colours, -CLASH), 0.0) >= MIN_AFFINITY:
                    pairs.append((-place - colours, t, m))
        going: dict[int, int] = {}
        for _, t, m in sorted(pairs):
            if t not in going and m not in going.values():
                going[t] = m
        lost = [t for t in alive if t not in going and tracks[t].members[-1] >= newest]
        strangers = [m for m in here if m not in going.values()]
        for t, m in going.items():
            gone = [u for u in lost if _meet(found, tracks[u].members[-1], tracks[t].members[-1])]
            if gone or (strangers and tracks[t].merged):
                alive = [u for u in alive if u != t and u not in gone]
                begin(m, merged=bool(gone))
            else:
                number[m] = t
                tracks[t].add(found, m)
        for m in strangers:
            begin(m)
        newest = here[0]
    return number


def _meet(found: Detections, a: int, b: int) -> bool:
    """Whether one of two boxes covers much of the other."""
    one, other = found.box[a : a + 1], found.box[b : b + 1]
    return bool(max(coverage(one, other), coverage(other, one)) > MEETING)


def velocity(found: Detections, members: Sequence[int], span: int) -> Array:
    """Pixels a frame that the middle of a box moves, over the last `span` frames of a track.

    Args:
        members: the track's detections from the newest on.
    """
    newest = found.frame[members[0]]
    late = [m for m in members[: span + 1] if abs(newest - found.frame[m]) <= span]
    if len(late) < 3:
        return np.zeros(2)
    frames = found.frame[late].astype(np.float64)
    middle = (found.box[late, :2] + found.box[late, 2:]) / 2
    apart = frames - frames.mean()
    speed: Array = (apart[:, None] * middle).sum(0) / (apart**2).sum()
    return speed


def _affinity(found: Detections, members: Sequence[int], m: int, patience: int) -> float:
    """How well a detection goes on with a track: mean of box overlap and key point similarity,
    where the track was last or where its movement leads, whichever is better."""
    last = members[-1]
    gap = int(found.frame[m] - found.frame[last])
    moved = velocity(found, members[::-1][: patience + 1], patience // 2) * gap
    return max(_similar(found, last, m, step) for step in (np.zeros(2), moved))


def _similar(found: Detections, a: int, b: int, step: Array) -> float:
    box_a, box_b = found.box[a] + np.tile(step, 2), found.box[b]
    body_a, body_b = found.body[a], found.body[b]
    overlap = float(iou(box_a[None], box_b[None])[0, 0])
    size = max(float(np.hypot(*(box_a[2:] - box_a[:2]))), 1.0)
    seen = (body_a[:, 2] > 0.3) & (body_b[:, 2] > 0.3)
    if not seen.any():
        return overlap
    distance = np.hypot(*(body_a[seen, :2] + step - body_b[seen, :2]).T)
    similarity = float(np.exp(-((distance / (0.15 * size)) ** 2)).mean())
    return (overlap + similarity) / 2


def _colours(track: _OpenTrack, look: UInt8[np.ndarray, "R C"]) -> float:
    same = alike(track.look, look)
    return 0.0 if same is None else same - SAME_COLOURS


def importance(
    number: Int64[np.ndarray, " M"], box: Float[Tensor, "M 4"], score: Float[Tensor, " M"]
) -> Float[np.ndarray, " N"]:
    """Of each track or person: height in the picture, summed over its frames."""
    height = (box[:, 3] - box[:, 1]).double().numpy() * score.double().numpy()
    return np.bincount(number, weights=height).astype(np.float64)


def by_importance(
    number: Int64[np.ndarray, " M"],
    frame: Int64[np.ndarray, " M"],
    box: Float[Tensor, "M 4"],
    score: Float[Tensor, " M"],
    width: int,
    gap: int,
) -> list[int]:
    """Numbers of tracks or people, the most important first.

    A passer-by walks in front of the dancer from one side to the other, and is larger: heights
    count less towards the sides of the picture, and frames in which somebody is hidden count too.

    Args:
        number: whose each detection is.
        frame: in which frame it is.
        box: x0, y0, x1, y1 in pixels.
        score: how sure the detection is, in [0, 1].
        width: the picture's, in pixels.
        gap: frames for which somebody may be hidden.
    """
    across = (box[:, 0] + box[:, 2]).double().numpy() / width - 1
    central = 1 - ASIDE * np.abs(across).clip(0, 1)
    height = (box[:, 3] - box[:, 1]).double().numpy() * score.double().numpy()
    weighed = np.bincount(number, weights=height * central)
    for one in range(len(weighed)):
        seen = np.unique(frame[number == one])
        hidden = np.diff(seen) - 1
        weighed[one] *= 1 + hidden[hidden <= gap].sum() / max(len(seen), 1)
    return [int(one) for one in np.argsort(-weighed, kind="stable")]


def nearest_to_point(
    order: Sequence[int],
    track: Int64[np.ndarray, " M"],
    box: Float[Tensor, "M 4"],
    x: float,
    y: float,
) -> int | None:
    """The first track, by importance, one of whose boxes holds the point; None if none does."""
    boxes = box.double().numpy()
    inside = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
    holding = set(track[inside].tolist())
    return next((t for t in order if t in holding), None)


def nearest_to_box(
    order: Sequence[int],
    track: Int64[np.ndarray, " M"],
    box: Float[Tensor, "M 4"],
    wanted: Sequence[float],
) -> int | None:
    """The track one of whose boxes overlaps the wanted box most; None if none does."""
    boxes, given = box.double().numpy(), np.array([wanted], np.float64)
    overlaps = iou(boxes, given)[:, 0]
    best = {t: float(overlaps[track == t].max()) for t in order}
    winner = max(order, key=lambda t: best[t], default=None)
    return winner if winner is not None and best[winner] > 0.1 else None
