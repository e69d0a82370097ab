"""Locates the person of a skeleton: the square that is the networks' input."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, UInt8

from reenactor.joints import Joint
from reenactor_plugins.networks.mediapipe.landmark import Landmark
from reenactor_plugins.networks.mediapipe.pose import PoseNetwork, PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi, roi_of_body, roi_of_circle

SAME_PERSON = 0.08
"""Maximum median distance between the network's joints and the skeleton's, in sides of the square:
half a shoulder width. Beyond it, the network has found another person."""
SURE = 0.5
"""Minimum probability of a person."""
FULL_BODY = 2.0
"""Hips to feet, in lengths of the spine: the minimum radius if the feet are outside the picture."""

PAIRS: tuple[tuple[Joint, Landmark], ...] = (
    (Joint.NOSE, Landmark.NOSE),
    (Joint.L_EAR, Landmark.L_EAR),
    (Joint.R_EAR, Landmark.R_EAR),
    (Joint.L_SHOULDER, Landmark.L_SHOULDER),
    (Joint.R_SHOULDER, Landmark.R_SHOULDER),
    (Joint.L_ELBOW, Landmark.L_ELBOW),
    (Joint.R_ELBOW, Landmark.R_ELBOW),
    (Joint.L_WRIST, Landmark.L_WRIST),
    (Joint.R_WRIST, Landmark.R_WRIST),
    (Joint.L_HIP, Landmark.L_HIP),
    (Joint.R_HIP, Landmark.R_HIP),
    (Joint.L_KNEE, Landmark.L_KNEE),
    (Joint.R_KNEE, Landmark.R_KNEE),
    (Joint.L_ANKLE, Landmark.L_ANKLE),
    (Joint.R_ANKLE, Landmark.R_ANKLE),
    (Joint.L_HEEL, Landmark.L_HEEL),
    (Joint.R_HEEL, Landmark.R_HEEL),
    (Joint.L_BIG_TOE, Landmark.L_TOE),
    (Joint.R_BIG_TOE, Landmark.R_TOE),
)
"""Pairs of a skeleton's joints and the pose network's landmarks."""


@dataclass(frozen=True)
class LocatedPerson:
    """The pose network's result and all 33 landmarks of a person, in pixels."""

    pose: PoseResult
    points: Float[np.ndarray, "33 2"]

    @property
    def roi(self) -> Roi:
        return self.pose.roi


def locate_person(
    network: PoseNetwork, picture: UInt8[np.ndarray, "H W 3"], body: Float[np.ndarray, "25 3"]
) -> LocatedPerson | None:
    """Locate the person of a skeleton; None if the skeleton has no torso.

    The joints of other estimators differ slightly from those that the pose network was trained on.
    So the skeleton only selects the person: the network runs on the skeleton's square first, then
    on the one that it finds itself. If it finds another person, the skeleton's joints are kept.
    """
    first = roi_of_body(completed(body))
    if first is None:
        return None
    hips_to_feet = body[[Joint.L_ANKLE, Joint.R_ANKLE], 2].max() > 0
    pose = network(picture, first if hips_to_feet else _at_full_height(first, body))
    if not agrees(pose, body):
        points = pose.landmarks[:, :2].copy()
        for joint, landmark in PAIRS:
            if body[joint, 2] > 0:
                points[landmark] = body[joint, :2]
        return LocatedPerson(pose, points)
    again = network(picture, roi_of_circle(*pose.circle))
    better = again if agrees(again, body) else pose
    return LocatedPerson(better, better.landmarks[:, :2])


def agrees(pose: PoseResult, body: Float[np.ndarray, "25 3"]) -> bool:
    """Whether the network found the person of the skeleton."""
    seen = [(joint, landmark) for joint, landmark in PAIRS if body[joint, 2] > 0]
    joints, landmarks = (list(side) for side in zip(*seen, strict=True))
    apart = pose.landmarks[landmarks, :2] - body[joints, :2]
    distance = float(np.median(np.hypot(*apart.T)))
    return pose.flag >= SURE and distance < SAME_PERSON * pose.roi.size


def completed(body: Float[np.ndarray, "25 3"]) -> Float[np.ndarray, "25 3"]:
    """Estimate hidden shoulders and hips from other joints.

    A hidden shoulder or hip is placed at its partner. If both hips are missing, they are placed
    below the shoulders along the line from nose to neck, at 1.5 shoulder widths (or, in a side
    view, at 1.6 times the distance from nose to neck).
    """
    result: np.ndarray = body.astype(np.float64)
    for left, right, middle in (
        (Joint.L_SHOULDER, Joint.R_SHOULDER, Joint.NECK),
        (Joint.L_HIP, Joint.R_HIP, Joint.MID_HIP),
    ):
        known = next((j for j in (middle, left, right) if body[j, 2] > 0), None)
        for joint in (left, right):
            if known is not None and body[joint, 2] <= 0:
                result[joint] = body[known]
    shoulders = result[[Joint.L_SHOULDER, Joint.R_SHOULDER]]
    hips = [Joint.L_HIP, Joint.R_HIP]
    if (shoulders[:, 2] > 0).all() and (result[hips, 2] <= 0).all():
        neck = shoulders[:, :2].mean(0)
        down = np.array([0.0, 1.0])
        head = 0.0
        if body[Joint.NOSE, 2] > 0:
            head = float(np.hypot(*(neck - body[Joint.NOSE, :2])))
            down = (neck - body[Joint.NOSE, :2]) / max(head, 1e-6)
        width = float(np.hypot(*(shoulders[0, :2] - shoulders[1, :2])))
        result[hips, :2] = shoulders[:, :2] + down * max(1.5 * width, 1.6 * head)
        result[hips, 2] = shoulders[:, 2]
    return result


def _at_full_height(roi: Roi, body: Float[np.ndarray, "25 3"]) -> Roi:
    """Enlarge the square for legs that are outside the photo."""
    torso = completed(body)
    shoulders = torso[[Joint.L_SHOULDER, Joint.R_SHOULDER], :2].mean(0)
    spine = float(np.hypot(*(shoulders - [roi.x, roi.y])))
    return replace(roi, size=max(roi.size, 2 * 1.25 * FULL_BODY * spine))
