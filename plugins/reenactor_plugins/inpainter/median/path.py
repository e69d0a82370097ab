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

BRIEF = 10
"""Most frames of a stretch with some parallax."""

PATIENCE, FEW = 12, 3
"""Frames in a row that may be lost and are then interpolated; the same at the end of a shot."""


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
    follower = _Follower()
    for frame, view in views:
        follower.add(frame, view)
    follower.finish()
    return follower.stretches


class _Follower:
    """Adds frames to stretches, one by one."""

    def __init__(self) -> None:
        self.stretches: list[Stretch] = []
        self._lost: list[tuple[int, View]] = []
        self._last: Matrix = np.eye(3)
        self._speed: Matrix = np.eye(3)

    def add(self, frame: int, view: View) -> None:
        if not self.stretches:
            self._start(frame, view, None)
            return
        guess = self._speed @ self._last
        found = _found(self._key, view, [guess, self._last])
        if found is None:
            self._lost.append((frame, view))
            if len(self._lost) > PATIENCE:
                self._start_over()
            return
        place, sure = self._placed(found, view)
        stretch = self.stretches[-1]
        self._recover(frame, place, view.grey.shape)
        before = max(stretch.places)
        step = place @ np.linalg.inv(stretch.places[before])
        self._speed = _unit(step) if before == frame - 1 else np.eye(3)
        stretch.agreeing.append(found.agreeing)
        long = not stretch.flat and frame - stretch.anchor >= BRIEF
        if not sure or long or _far(place, view.grey.shape):
            self._start(frame, view, place)
        else:
            stretch.places[frame] = place

    def finish(self) -> None:
        """The last frames may have been lost."""
        while len(self._lost) > FEW:
            self._start_over()
        self._hold()

    def _start(self, frame: int, view: View, link: Matrix | None) -> None:
        self.stretches.append(Stretch(frame, link, {frame: np.eye(3)}))
        self._anchor = self._key = _Key(view, np.eye(3))
        self._last = np.eye(3)
        if link is None:
            self._speed = np.eye(3)

    def _start_over(self) -> None:
        """Take the lost frames for another place."""
        (first, *others), self._lost = self._lost, []
        self._start(*first, None)
        for one in others:
            self.add(*one)

    def _placed(self, found: Movement, view: View) -> tuple[Matrix, bool]:
        """From the anchor to a view that was found from the key, and whether that is sure."""
        place = found.matrix @ self._key.place
        on_anchor = self._key is self._anchor
        self._last = found.matrix
        if found.kept >= KEPT:
            return place, not on_anchor or found.agreeing >= BENT
        direct = found if on_anchor else followed(self._anchor.view, view, place)
        sure = direct is not None and direct.agreeing >= BENT
        if sure and direct is not None:
            place = direct.matrix
        self._key, self._last = _Key(view, place), np.eye(3)
        return place, sure

    def _recover(self, frame: int, place: Matrix, size: tuple[int, ...]) -> None:
        """Move the picture's corners evenly through the lost frames."""
        places = self.stretches[-1].places
        start = max(places)
        height, width = size
        box = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], np.float32)
        one, two = (cv2.perspectiveTransform(box, m) for m in (places[start], place))
        for lost, _ in self._lost:
            share = (lost - start) / (frame - start)
            places[lost] = cv2.getPerspectiveTransform(box, (1 - share) * one + share * two)
        self._lost = []

    def _hold(self) -> None:
        """The last known place."""
        places = self.stretches[-1].places if self.stretches else {}
        for lost, _ in self._lost:
            places[lost] = places[max(places)]


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
