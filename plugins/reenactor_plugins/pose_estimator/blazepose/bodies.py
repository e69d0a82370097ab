"""Detects people and tracks them from frame to frame."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, UInt8

from reenactor_plugins.networks.mediapipe.detection import Detection
from reenactor_plugins.networks.mediapipe.pose import PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi, roi_of_body, roi_of_circle
from reenactor_plugins.pose_estimator.blazepose.layout import BodyPoints, body_points, box_around
from reenactor_plugins.pose_estimator.blazepose.options import BlazePoseOptions
from reenactor_plugins.pose_estimator.blazepose.search import search_squares

Picture = UInt8[np.ndarray, "H W 3"]
Detect = Callable[[Picture, Roi, float], list[Detection]]
"""Detects people in a square with a minimum score: `BlazeDetector`."""
Look = Callable[[Picture, Roi], PoseResult]
"""Finds the landmarks in a person's square: `PoseNetwork`."""

LIMBS = tuple(range(11, 17)) + tuple(range(23, 29))
"""Shoulders, elbows, wrists, hips, knees and ankles, of BlazePose's landmarks."""
SAME_PERSON = 0.048
"""Two bodies are the same if their limbs are this close on average, in sides of the person's
square: about 1/15 of a person's height.
"""
MIN_DETECTION = 0.3
"""Minimum score of the detector. It is low because the pose network verifies people, and for two
people side by side the detector is often uncertain about one."""
MIN_BESIDE = 0.45
"""Minimum score of a new person besides tracked ones: someone half hidden would get their limbs."""
SAME_FIND = 0.1
"""A detection this close to a tracked person's square, in its sides, is that person."""


@dataclass(frozen=True)
class TrackedBody:
    """One person in a frame; `before` is their index in the previous frame."""

    found: PoseResult
    points: BodyPoints
    box: Float32[np.ndarray, " 4"]
    score: float
    before: int | None


class BodyFinder:
    """Detects and tracks bodies."""

    def __init__(self, options: BlazePoseOptions, detect: Detect, look: Look) -> None:
        self._options = options
        self._detect = detect
        self._look = look

    def __call__(
        self, picture: Picture, index: int, before: Sequence[Float32[np.ndarray, "25 3"]]
    ) -> list[TrackedBody]:
        """Return the people in a frame, best score first.

        Args:
            picture: the frame.
            index: its index in the video, which determines when new people are searched for.
            before: the bodies in the previous frame.
        """
        found: list[tuple[PoseResult, int | None]] = []
        for place, body in enumerate(before[: self._options.max_people]):
            self._add(found, self._looked(picture, roi_of_body(body)), place)
        thorough = index % self._options.detect_every == 0
        missing = len(found) < self._options.max_people
        if missing and (thorough or len(found) < len(before) or not found):
            self._search(picture, thorough and not found, found)
        bodies = [
            TrackedBody(result, body_points(result), box_around(result), _score(result), place)
            for result, place in found
        ]
        return sorted(bodies, key=lambda body: -body.score)

    def _looked(self, picture: Picture, roi: Roi | None) -> PoseResult | None:
        """The person in a square, or None."""
        if roi is None or roi.size < 1:
            return None
        result = self._look(picture, roi)
        return result if result.flag >= self._options.min_confidence else None

    def _stranger(self, picture: Picture, detection: Detection, alone: bool) -> PoseResult | None:
        """A newly detected person: the network runs twice, since the detector's square is rough."""
        first = self._looked(picture, roi_of_circle(*detection.points[:2]))
        if first is None:
            return None
        second = self._looked(picture, roi_of_circle(*first.circle)) or first
        return second if alone or _score(second) >= MIN_BESIDE else None

    def _search(
        self, picture: Picture, thorough: bool, found: list[tuple[PoseResult, int | None]]
    ) -> None:
        """Add people detected in the whole picture, or else in parts of it."""
        for squares in search_squares(picture.shape[0], picture.shape[1], thorough):
            finds = [
                find for square in squares for find in self._detect(picture, square, MIN_DETECTION)
            ]
            for find in sorted(finds, key=lambda find: -find.score):
                if len(found) < self._options.max_people and not _known(find, found):
                    self._add(found, self._stranger(picture, find, not found), None)
            if found:
                return

    @staticmethod
    def _add(
        found: list[tuple[PoseResult, int | None]], new: PoseResult | None, place: int | None
    ) -> None:
        """Add a person unless already present."""
        if new is not None and not any(same_person(new, known) for known, _ in found):
            found.append((new, place))


def same_person(a: PoseResult, b: PoseResult) -> bool:
    """Whether two results are of the same body."""
    gaps = a.landmarks[list(LIMBS), :2] - b.landmarks[list(LIMBS), :2]
    return float(np.hypot(*gaps.T).mean()) < SAME_PERSON * max(a.roi.size, b.roi.size)


def _known(detection: Detection, found: Sequence[tuple[PoseResult, int | None]]) -> bool:
    for result, _ in found:
        gap = float(np.hypot(*(detection.points[0] - result.circle[0])))
        if gap < SAME_FIND * result.roi.size:
            return True
    return False


def _score(found: PoseResult) -> float:
    """The probability of a person, times their visible share."""
    sure: Float[np.ndarray, " 12"] = (found.visibility * found.presence)[list(LIMBS)]
    return found.flag * float(sure.mean())
