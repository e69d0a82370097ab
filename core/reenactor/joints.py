"""The key points of a person: OpenPose's BODY_25, two hands of 21 and a face of 70.

Left and right are the person's own. The order is that of OpenPose's output files, which can be used
as they are.
"""

from enum import IntEnum


class Joint(IntEnum):
    """A key point of the body in the BODY_25 layout."""

    NOSE = 0
    NECK = 1
    R_SHOULDER = 2
    R_ELBOW = 3
    R_WRIST = 4
    L_SHOULDER = 5
    L_ELBOW = 6
    L_WRIST = 7
    MID_HIP = 8
    R_HIP = 9
    R_KNEE = 10
    R_ANKLE = 11
    L_HIP = 12
    L_KNEE = 13
    L_ANKLE = 14
    R_EYE = 15
    L_EYE = 16
    R_EAR = 17
    L_EAR = 18
    L_BIG_TOE = 19
    L_SMALL_TOE = 20
    L_HEEL = 21
    R_BIG_TOE = 22
    R_SMALL_TOE = 23
    R_HEEL = 24


NUM_BODY = len(Joint)
NUM_HAND = 21
NUM_FACE = 70

BODY_BONES: tuple[tuple[Joint, Joint], ...] = (
    (Joint.NECK, Joint.MID_HIP),
    (Joint.NECK, Joint.R_SHOULDER),
    (Joint.R_SHOULDER, Joint.R_ELBOW),
    (Joint.R_ELBOW, Joint.R_WRIST),
    (Joint.NECK, Joint.L_SHOULDER),
    (Joint.L_SHOULDER, Joint.L_ELBOW),
    (Joint.L_ELBOW, Joint.L_WRIST),
    (Joint.MID_HIP, Joint.R_HIP),
    (Joint.R_HIP, Joint.R_KNEE),
    (Joint.R_KNEE, Joint.R_ANKLE),
    (Joint.MID_HIP, Joint.L_HIP),
    (Joint.L_HIP, Joint.L_KNEE),
    (Joint.L_KNEE, Joint.L_ANKLE),
    (Joint.NECK, Joint.NOSE),
    (Joint.NOSE, Joint.R_EYE),
    (Joint.R_EYE, Joint.R_EAR),
    (Joint.NOSE, Joint.L_EYE),
    (Joint.L_EYE, Joint.L_EAR),
    (Joint.L_ANKLE, Joint.L_BIG_TOE),
    (Joint.L_BIG_TOE, Joint.L_SMALL_TOE),
    (Joint.L_ANKLE, Joint.L_HEEL),
    (Joint.R_ANKLE, Joint.R_BIG_TOE),
    (Joint.R_BIG_TOE, Joint.R_SMALL_TOE),
    (Joint.R_ANKLE, Joint.R_HEEL),
)
"""Pairs of joints connected in a stick figure, parent first."""

HAND_BONES: tuple[tuple[int, int], ...] = tuple(
    (0 if tip == 0 else finger * 4 + tip, finger * 4 + tip + 1)
    for finger in range(5)
    for tip in range(4)
)
"""Wrist to fingertip, thumb first: 0-1-2-3-4, 0-5-6-7-8, and so on."""

FACE_PARTS: dict[str, tuple[int, ...]] = {
    "contour": tuple(range(17)),
    "right_brow": tuple(range(17, 22)),
    "left_brow": tuple(range(22, 27)),
    "nose_bridge": tuple(range(27, 31)),
    "nose_base": tuple(range(31, 36)),
    "right_eye": (*range(36, 42), 36),
    "left_eye": (*range(42, 48), 42),
    "outer_lips": (*range(48, 60), 48),
    "inner_lips": (*range(60, 68), 60),
}
"""Polylines of the 68 face points (68 and 69 are the right and left pupils)."""

MIRRORED_BODY: tuple[int, ...] = (
    0, 1, 5, 6, 7, 2, 3, 4, 8, 12, 13, 14, 9, 10, 11, 16, 15, 18, 17, 22, 23, 24, 19, 20, 21,
)  # fmt: skip
"""`MIRRORED_BODY[j]` is the joint that `j` becomes when the picture is flipped left to right."""

MIRRORED_FACE: tuple[int, ...] = (
    *range(16, -1, -1),
    *range(26, 16, -1),
    27, 28, 29, 30,
    35, 34, 33, 32, 31,
    45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
    54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55,
    64, 63, 62, 61, 60, 67, 66, 65,
    69, 68,
)  # fmt: skip
"""`MIRRORED_BODY` for the 70 face points."""
