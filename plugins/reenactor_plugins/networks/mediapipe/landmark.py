"""Names of the pose network's landmarks."""

from enum import IntEnum


class Landmark(IntEnum):
    """The used ones of BlazePose's 33 landmarks. Left and right are the person's."""

    NOSE = 0
    L_EAR = 7
    R_EAR = 8
    L_SHOULDER = 11
    R_SHOULDER = 12
    L_ELBOW = 13
    R_ELBOW = 14
    L_WRIST = 15
    R_WRIST = 16
    L_INDEX = 19
    R_INDEX = 20
    L_HIP = 23
    R_HIP = 24
    L_KNEE = 25
    R_KNEE = 26
    L_ANKLE = 27
    R_ANKLE = 28
    L_HEEL = 29
    R_HEEL = 30
    L_TOE = 31
    R_TOE = 32
