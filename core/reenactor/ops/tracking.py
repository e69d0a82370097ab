"""Linking the people of each frame into tracks, and choosing the dancer over the whole clip.

Choosing online loses the dancer to whoever passes closer to the camera; looking at whole tracks
does not. A track is the list of detections that are the same person.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from jaxtyping import Float, Int64
from torch import Tensor

MIN_AFFINITY = 0.2
"""Two detections less alike than this are not the same person."""

Array = npt.NDArray[np.float64]


def link(
    frame: Int64[Tensor, " M"],
    box: Float[Tensor, "M 4"],
    body: Float[Tensor, "M 25 3"],
    patience: int,
) -> Int64[np.ndarray, " M"]:
    """Give every detection the number of its track.

    Args:
        frame: the frame of each detection, ascending.
        box: x0, y0, x1, y1 in pixels.
        body: key points in pixels.
        patience: a track that was not seen for more frames than this has ended.

    Returns:
        Track numbers from 0, in order of first appearance.
    """
    frames, boxes, bodies = frame.numpy(), box.double().numpy(), body.double().numpy()
    track = np.full(len(frames), -1, np.int64)
    last: list[int] = []  # the newest detection of each track
    for now in np.unique(frames):
        found = np.flatnonzero(frames == now)
        alive = [t for t, newest in enumerate(last) if now - frames[newest] <= patience]
        pairs = sorted(
            (
                (_affinity(boxes[last[t]], boxes[m], bodies[last[t]], bodies[m]), t, m)
                for t in alive
                for m in found.tolist()
            ),
            key=lambda pair: (-pair[0], pair[1], pair[2]),
        )
        taken: set[int] = set()
        for affinity, t, m in pairs:
            if affinity >= MIN_AFFINITY and t not in taken and track[m] < 0:
                track[m], last[t] = t, m
                taken.add(t)
        for m in found.tolist():
            if track[m] < 0:
                track[m] = len(last)
                last.append(m)
    return track


def _affinity(box_a: Array, box_b: Array, body_a: Array, body_b: Array) -> float:
    """How likely two detections are one person: mean of box overlap and key point similarity."""
    size = max(float(np.hypot(*(box_a[2:] - box_a[:2]))), 1.0)
    seen = (body_a[:, 2] > 0.3) & (body_b[:, 2] > 0.3)
    if not seen.any():
        return overlap(box_a, box_b)
    distance = np.hypot(*(body_a[seen, :2] - body_b[seen, :2]).T)
    similarity = float(np.exp(-((distance / (0.15 * size)) ** 2)).mean())
    return (overlap(box_a, box_b) + similarity) / 2


def overlap(box_a: Array, box_b: Array) -> float:
    """Intersection over union of two boxes."""
    width = min(box_a[2], box_b[2]) - max(box_a[0], box_b[0])
    height = min(box_a[3], box_b[3]) - max(box_a[1], box_b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    area_a = (box_a[2] - box_a[0]) * (box_a[3] - box_a[1])
    area_b = (box_b[2] - box_b[0]) * (box_b[3] - box_b[1])
    return float(both / (area_a + area_b - both))


def by_importance(
    track: Int64[np.ndarray, " M"], box: Float[Tensor, "M 4"], score: Float[Tensor, " M"]
) -> list[int]:
    """Track numbers, the most important first: height in the picture, summed over its frames."""
    height = (box[:, 3] - box[:, 1]).double().numpy() * score.double().numpy()
    totals = np.bincount(track, weights=height)
    return [int(t) for t in np.argsort(-totals, kind="stable")]


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
    boxes, given = box.double().numpy(), np.asarray(wanted, np.float64)
    overlaps = np.array([overlap(b, given) for b in boxes])
    best = {t: float(overlaps[track == t].max()) for t in order}
    winner = max(order, key=lambda t: best[t], default=None)
    return winner if winner is not None and best[winner] > 0.1 else None
