"""Links detections into tracks, and chooses the dancer over the whole clip.

Choosing online would lose the dancer to anyone who passes closer to the camera. A track is a list
of detections of one person without long gaps; `reenactor.ops.people` joins the tracks of a person.
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
"""The minimum affinity for linking two detections."""
SAME_COLOURS = 0.8
"""Colour similarity that separates one person (usually above) from two people (usually below)."""
CLASH = 0.6
"""The maximum penalty for different colours: at the same position and pose, the light changed."""
STRANGE = -0.1
"""After a gap, a larger colour penalty than this means a different person."""
MEMORY = 0.1
"""The weight of the newest detection in a track's colours."""
MEETING = 0.4
"""With a larger overlap than this, two people may be confused."""
ASIDE = 0.3
"""The reduction of the weight of heights at the sides of the picture."""
COVERED = 0.15
"""With a larger occlusion than this, colours are not used."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Detections:
    """M detections in a clip, ordered by frame, as arrays.

    `box` is x0, y0, x1, y1 and `body` are key points, both in pixels; `appearance` is each one's
    colours (`reenactor.ops.appearance`); `clear` marks detections without occlusion.
    """

    frame: Int64[np.ndarray, " M"]
    box: Float[np.ndarray, "M 4"]
    body: Float[np.ndarray, "M 25 3"]
    appearance: UInt8[np.ndarray, "M R C"]
    clear: Bool[np.ndarray, " M"]

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def by_frame(self) -> list[list[int]]:
        """The detections of each frame that has any."""
        edges = [0, *(np.flatnonzero(np.diff(self.frame)) + 1).tolist(), len(self)]
        return [list(range(a, b)) for a, b in pairwise(edges) if b > a]


def detections(
    frame: Int64[Tensor, " M"],
    box: Float[Tensor, "M 4"],
    body: Float[Tensor, "M 25 3"],
    appearance: UInt8[Tensor, "M R C"],
) -> Detections:
    """Convert to arrays, and mark detections without occlusion."""
    boxes = box.double().numpy()
    clear = np.ones(len(frame), bool)
    found = Detections(frame.numpy(), boxes, body.double().numpy(), appearance.numpy(), clear)
    for here in found.by_frame:
        for m in here:
            others = [n for n in here if n != m]
            clear[m] = (coverage(boxes[m : m + 1], boxes[others]) <= COVERED).all()
    return found


@dataclass
class _OpenTrack:
    """A track that may continue: its colours, its detections, and whether it follows a merge of
    two people, so that it may be either of them."""

    appearance: Array
    members: list[int] = field(default_factory=list)
    merged: bool = False

    def add(self, found: Detections, m: int) -> None:
        both = (found.appearance[m], self.appearance)
        seen, known = (np.any(one, axis=1, keepdims=True) for one in both)
        new = np.where(known, MEMORY if found.clear[m] else 0.0, 1.0) * seen
        self.appearance = (1 - new) * self.appearance + new * found.appearance[m]
        self.members.append(m)


def link(found: Detections, patience: int) -> Int64[np.ndarray, " M"]:
    """Assign a track number to every detection.

    Detections are matched to tracks by position, predicted movement and colours. If two people meet
    and one is no longer detected, both tracks end; they end again when the two separate. Who is who
    is then decided with everything seen before and after.

    Args:
        found: all detections.
        patience: the number of frames without a detection after which a track ends.

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
        tracks.append(_OpenTrack(np.zeros(found.appearance.shape[1:]), [], merged))
        tracks[-1].add(found, m)

    for here in found.by_frame:
        now = int(found.frame[here[0]])
        alive = [t for t in alive if now - found.frame[tracks[t].members[-1]] <= patience]
        pairs = []
        for t in alive:
            for m in here:
                place = _affinity(found, tracks[t].members, m, patience)
                colours = _colours(tracks[t], found.appearance[m])
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
    """The velocity of a box centre in pixels per frame, over the last `span` frames of a track.

    Args:
        members: the track's detections, newest first.
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
    """The affinity of a detection to a track: the mean of IoU and key point similarity, at the last
    or the predicted position, whichever is better."""
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


def _colours(track: _OpenTrack, appearance: UInt8[np.ndarray, "R C"]) -> float:
    same = alike(track.appearance, appearance)
    return 0.0 if same is None else same - SAME_COLOURS


def importance(
    number: Int64[np.ndarray, " M"], box: Float[Tensor, "M 4"], score: Float[Tensor, " M"]
) -> Float[np.ndarray, " N"]:
    """The importance of each track or person: height in the picture, summed over frames."""
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
    """Numbers of tracks or people, most important first.

    Passers-by in front of the dancer are larger, so heights count less towards the sides of the
    picture, and frames in which a person is hidden count as well.

    Args:
        number: the track or person of each detection.
        frame: the frame of each detection.
        box: x0, y0, x1, y1 in pixels.
        score: the confidence of each detection, in [0, 1].
        width: the width of the picture in pixels.
        gap: the number of frames for which a person may be hidden.
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
    """The most important track with a box that contains the point; None if there is none."""
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
