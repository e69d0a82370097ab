"""Tracks people over the labelled frames of a video, since the dataset's ids are not stable.

As in the paper, people are identified by location: labelled frames are a second apart, in which
nobody moves far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import hypot

import numpy as np

from reenactor.ops.boxes import iou

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""

PATIENCE = 2
"""A track ends after this many labelled frames without the person."""
REACH = 0.5
"""Maximum movement between labelled frames, in body heights."""
GROWTH = 1.6
"""Maximum change in size between labelled frames, as a factor."""


@dataclass
class _Track:
    number: int
    box: Box
    frame: int


def tracks_of(frames: Sequence[Mapping[int, Box]]) -> list[dict[int, int]]:
    """For each frame, the track of each id.

    The pairs of boxes that overlap most are matched first, then those nearest to each other.

    Args:
        frames: the boxes of each labelled frame by the dataset's ids, in order.
    """
    tracks: list[_Track] = []
    result: list[dict[int, int]] = []
    for number, boxes in enumerate(frames):
        alive = [track for track in tracks if number - track.frame <= PATIENCE + 1]
        found = _matched(alive, boxes)
        for key, box in boxes.items():
            track = found.get(key)
            if track is None:
                track = found[key] = _Track(len(tracks), box, number)
                tracks.append(track)
            track.box, track.frame = box, number
        result.append({key: found[key].number for key in boxes})
    return result


def _matched(tracks: Sequence[_Track], boxes: Mapping[int, Box]) -> dict[int, _Track]:
    costs = [
        (cost, track.number, key, track)
        for track, (key, box) in product(tracks, boxes.items())
        if (cost := _cost(track.box, box)) is not None
    ]
    matched: dict[int, _Track] = {}
    taken: set[int] = set()
    for _, number, key, track in sorted(costs, key=lambda one: one[:3]):
        if number not in taken and key not in matched:
            matched[key] = track
            taken.add(number)
    return matched


def _cost(before: Box, now: Box) -> float | None:
    """Below 0 for boxes that overlap, above for those apart; None if they cannot be one person."""
    shared = float(iou(_edges(before), _edges(now))[0, 0])
    if shared > 0:
        return -shared
    height, other = before[3] - before[1] + 1, now[3] - now[1] + 1
    (x, y), (u, v) = _centre(before), _centre(now)
    share = hypot(x - u, y - v) / (REACH * max(height, other))
    if share > 1 or max(height, other) > GROWTH * min(height, other):
        return None
    return share


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _edges(box: Box) -> np.ndarray:
    """(1, 4): around whole pixels, the last of which belong to the box."""
    x0, y0, x1, y1 = box
    return np.array([[x0, y0, x1 + 1.0, y1 + 1.0]])
