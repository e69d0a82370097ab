"""The camera's way through a shot, from its frames in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np

from reenactor_plugins.inpainter.median.camera import (
    Matrix,
    Movement,
    View,
    followed,
    recognised,
    slid,
)

KEPT = 0.45
"""A new key view starts when fewer of the last one's corners are still found."""

SOUND = 0.2
"""Corners of which fewer are found again may be noise on a plain wall."""

BENT = 0.5
"""A new stretch starts when fewer of the tracked corners agree on one movement (parallax)."""

FLAT = 0.85
"""A camera that only turns and zooms lets more of them agree."""

REACH = 0.45
"""A new stretch starts when the picture's centre has moved by this share of its size."""

PATIENCE = 12
"""Frames in a row that may be lost and are then interpolated."""


@dataclass
class Stretch:
    """Consecutive frames that one plate serves.

    Attributes:
        anchor: the first frame; the plate is drawn from its camera.
        link: from the previous stretch's anchor to this one; None after a break.
        places: from the anchor to each frame, in pixels of the views.
        agreeing: `Movement.agreeing` of the frames.
    """

    anchor: int
    link: Matrix | None
    places: dict[int, Matrix] = field(default_factory=dict)
    agreeing: list[float] = field(default_factory=list)

    @property
    def flat(self) -> bool:
        """Whether the camera only turns and zooms."""
        return not self.agreeing or float(np.median(self.agreeing)) >= FLAT


@dataclass(frozen=True)
class _Key:
    """A view that is tracked, and the movement from the stretch's anchor to it."""

    view: View
    place: Matrix


def camera_path(views: Iterable[tuple[int, View]]) -> list[Stretch]:
    """Follow the camera; a frame that cannot be registered is interpolated.

    Every frame is tracked from a key view, and every key view from its stretch's anchor, so errors
    do not add up within a stretch.
    """
    stretches: list[Stretch] = []
    anchor = key = None
    last, speed = np.eye(3), np.eye(3)
    lost: list[int] = []
    for frame, view in views:
        if anchor is None or key is None:
            anchor = key = _start(stretches, frame, view, None)
            continue
        stretch = stretches[-1]
        found = _found(key, view, [speed @ last, last])
        if found is None:
            lost.append(frame)
            if len(lost) > PATIENCE:
                _hold(stretch, lost[:-1])
                anchor = key = _start(stretches, frame, view, None)
                last, speed, lost = np.eye(3), np.eye(3), []
            continue
        place = found.matrix @ key.place
        bent = False
        if found.kept < KEPT:
            direct = None if key is anchor else followed(anchor.view, view, place)
            if direct is not None and direct.agreeing >= BENT:
                place = direct.matrix
            bent = key is anchor and found.agreeing < BENT or key is not anchor and (direct is None or direct.agreeing < BENT)
            key = _Key(view, place)
            last = np.eye(3)
        else:
            bent = key is anchor and found.agreeing < BENT
            last = found.matrix
        if lost:
            _interpolate(stretch, lost, frame, place, view.grey.shape)
            lost = []
        speed = _unit(place @ np.linalg.inv(stretch.places[max(stretch.places)])) if max(stretch.places) == frame - 1 else np.eye(3)
        if bent or _far(place, view.grey.shape):
            anchor = key = _start(stretches, frame, view, place)
            last = np.eye(3)
        else:
            stretch.places[frame] = place
        stretch.agreeing.append(found.agreeing)
    if lost:
        _hold(stretches[-1], lost)
    return stretches


def _start(stretches: list[Stretch], frame: int, view: View, link: Matrix | None) -> _Key:
    stretches.append(Stretch(frame, link, {frame: np.eye(3)}))
    return _Key(view, np.eye(3))


def _found(key: _Key, view: View, guesses: list[Matrix]) -> Movement | None:
    """Register a view by its corners, wherever it is, or by all it shows."""
    weak = None
    for guess in guesses:
        found = followed(key.view, view, guess)
        if found is not None and found.kept >= SOUND:
            return found
        weak = weak or found
    return recognised(key.view, view) or slid(key.view, view, guesses[-1]) or weak


def _far(place: Matrix, size: tuple[int, ...]) -> bool:
    """Whether the picture's centre has moved far, or its size has changed much."""
    height, width = size
    middle = np.array([[[width / 2, height / 2]], [[width / 2 + 10, height / 2]]])
    (now, beside) = cv2.perspectiveTransform(middle, place)[:, 0]
    zoom = float(np.linalg.norm(beside - now)) / 10
    off = np.abs(now - middle[0, 0]) / [width, height]
    return bool(off.max() > REACH or not 0.66 < zoom < 1.5)


def _unit(matrix: Matrix) -> Matrix:
    return np.asarray(matrix / matrix[2, 2])


def _hold(stretch: Stretch, frames: list[int]) -> None:
    """The last known place."""
    place = stretch.places[max(stretch.places)]
    for frame in frames:
        stretch.places[frame] = place


def _interpolate(
    stretch: Stretch, frames: list[int], end: int, place: Matrix, size: tuple[int, ...]
) -> None:
    """Move the picture's corners evenly from the last known place to this one."""
    start = max(stretch.places)
    height, width = size
    box = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], np.float32)
    one, two = (cv2.perspectiveTransform(box, m) for m in (stretch.places[start], place))
    for frame in frames:
        share = (frame - start) / (end - start)
        stretch.places[frame] = cv2.getPerspectiveTransform(box, (1 - share) * one + share * two)
