"""Finds hands and face of a body."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float32, UInt8

from reenactor_plugins.networks.mediapipe.pose import PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.pose_estimator.blazepose.face import (
    FaceResult,
    roi_of_head,
    roi_of_mesh,
)
from reenactor_plugins.pose_estimator.blazepose.hand import (
    HandResult,
    roi_of_hand,
    roi_of_wrist,
)
from reenactor_plugins.pose_estimator.blazepose.layout import face_points

Picture = UInt8[np.ndarray, "H W 3"]

SURE = 0.5
"""Minimum probability of a hand or face."""
WORTH_A_SECOND_LOOK = 0.3
"""Minimum probability of a hand for a second run in a better square."""
MIN_WRIST = 0.1
"""Minimum visibility of the wrist to search for a hand."""
MIN_NOSE = 0.3
"""Minimum visibility of the nose to search for a face."""
MIN_SIDE = 16.0
"""Minimum size of a square in pixels."""
MAX_GAP = 0.35
"""Maximum distance between a hand's wrist and the body's, in sides of the hand's square."""
SAME_HAND = 0.3
"""Two hands are the same if their points are this close on average, relative to their extent."""
HEAD_TO_FACE = 2 / 3
"""Size of the face's square relative to the head's, if the detector finds no face."""


@dataclass(frozen=True)
class HandBefore:
    """A hand in the previous frame, and the wrist of its body there."""

    points: Float32[np.ndarray, "21 3"]
    wrist: Float32[np.ndarray, " 2"]


class HandFinder:
    """Finds a hand: tracked from the previous frame, or searched for at the wrist.

    `recrop` refines a hand's square, `look` finds its points; both are `HandNetwork`'s.
    """

    def __init__(
        self,
        recrop: Callable[[Picture, Roi], Roi | None],
        look: Callable[[Picture, Roi], HandResult],
    ) -> None:
        self._recrop = recrop
        self._look = look

    def __call__(
        self, picture: Picture, found: PoseResult, side: int, before: HandBefore | None
    ) -> Float32[np.ndarray, "21 3"]:
        """Return the hand's points and confidence, or zeros if it is not visible.

        The square of a tracked hand moves with the body's wrist, so that fast hands stay inside.

        Args:
            picture: the frame.
            found: the body.
            side: 0 for the left hand, 1 for the right.
            before: the hand in the previous frame, if visible there.
        """
        wrist, pinky, index = (found.landmarks[k + side, :2] for k in (15, 17, 19))
        unseen = np.zeros((21, 3), np.float32)
        if found.visibility[15 + side] < MIN_WRIST:
            return unseen
        hand = None
        if before is not None and before.points[0, 2] > 0:
            roi = roi_of_hand(before.points[:, :2].astype(np.float64))
            dx, dy = (float(v) for v in wrist - before.wrist)
            roi = replace(roi, x=roi.x + dx, y=roi.y + dy)
            hand = self._look(picture, roi) if roi.size >= MIN_SIDE else None
            if hand is not None and not (hand.score >= SURE and _attached(hand, wrist)):
                hand = None
        if hand is None:
            hand = self._looked_for(picture, roi_of_wrist(wrist, pinky, index))
        if hand is None or hand.score < SURE:
            return unseen
        return np.column_stack([hand.points, np.full(21, hand.score)]).astype(np.float32)

    def _looked_for(self, picture: Picture, rough: Roi) -> HandResult | None:
        """Find the hand in the rough square, then run again on its own square."""
        if rough.size < MIN_SIDE:
            return None
        roi = self._recrop(picture, rough)
        if roi is None:
            return None
        first = self._look(picture, roi)
        closer = roi_of_hand(first.points)
        if first.score < WORTH_A_SECOND_LOOK or closer.size < MIN_SIDE:
            return first
        second = self._look(picture, closer)
        return second if second.score >= 0.9 * first.score else first


def _attached(hand: HandResult, wrist: Float[np.ndarray, " 2"]) -> bool:
    gap = float(np.hypot(*(hand.points[0] - wrist)))
    return gap <= MAX_GAP * roi_of_hand(hand.points).size


def without_twin(
    left: Float32[np.ndarray, "21 3"],
    right: Float32[np.ndarray, "21 3"],
    wrists: Float[np.ndarray, "2 2"],
) -> tuple[Float32[np.ndarray, "21 3"], Float32[np.ndarray, "21 3"]]:
    """If both are the same hand, keep only the one closer to its wrist.

    Args:
        left, right: the hands found.
        wrists: the body's left and right wrist.
    """
    if min(left[0, 2], right[0, 2]) <= 0:
        return left, right
    gap = float(np.hypot(*(left - right)[:, :2].T).mean())
    if gap > SAME_HAND * float(np.ptp(left[:, :2], 0).max()):
        return left, right
    both = zip((left, right), wrists, strict=True)
    far = [float(np.hypot(*(hand[0, :2] - wrist))) for hand, wrist in both]
    unseen = np.zeros((21, 3), np.float32)
    return (left, unseen) if far[0] <= far[1] else (unseen, right)


class FaceFinder:
    """Finds a face in each frame independently: the detector is fast, and tracked faces drift.

    `find` finds a face's square near the head, `look` its mesh; both are `FaceNetwork`'s.
    """

    def __init__(
        self,
        find: Callable[[Picture, Roi], Roi | None],
        look: Callable[[Picture, Roi], FaceResult],
    ) -> None:
        self._find = find
        self._look = look

    def __call__(self, picture: Picture, found: PoseResult) -> Float32[np.ndarray, "70 3"]:
        """Return OpenPose's face points of a body, or zeros if the face is not visible."""
        unseen = np.zeros((70, 3), np.float32)
        head = roi_of_head(found.landmarks[:11, :2], right_eye=5, left_eye=2)
        if found.visibility[0] < MIN_NOSE or head.size < MIN_SIDE:
            return unseen
        roi = self._find(picture, head)
        face = self._look(picture, roi or replace(head, size=head.size * HEAD_TO_FACE))
        if face.score < SURE:
            face = self._again(picture, face)
        return face_points(face.mesh, face.score) if face.score >= SURE else unseen

    def _again(self, picture: Picture, face: FaceResult) -> FaceResult:
        """Run again on an uncertain face, in the square of its own points."""
        roi = roi_of_mesh(face.mesh)
        return self._look(picture, roi) if roi.size >= MIN_SIDE else face
