"""From MediaPipe's points to OpenPose's layout (`reenactor.joints`).

Left and right are the person's own in both. Where OpenPose has a point that BlazePose lacks, it
is the mean of two, except for the small toes, which are placed by the foot's shape. The hands'
21 points are the same in both. All numbers of the face's 468 mesh points are those of
MediaPipe's canonical face model; the correspondence with the 68 points is the usual one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32, Int

from reenactor.joints import Joint
from reenactor_plugins.networks.mediapipe.pose import PoseResult

BODY: dict[Joint, tuple[int, ...]] = {
    Joint.NOSE: (0,),
    Joint.NECK: (11, 12),  # between the shoulders
    Joint.R_SHOULDER: (12,),
    Joint.R_ELBOW: (14,),
    Joint.R_WRIST: (16,),
    Joint.L_SHOULDER: (11,),
    Joint.L_ELBOW: (13,),
    Joint.L_WRIST: (15,),
    Joint.MID_HIP: (23, 24),  # between the hips
    Joint.R_HIP: (24,),
    Joint.R_KNEE: (26,),
    Joint.R_ANKLE: (28,),
    Joint.L_HIP: (23,),
    Joint.L_KNEE: (25,),
    Joint.L_ANKLE: (27,),
    Joint.R_EYE: (5,),
    Joint.L_EYE: (2,),
    Joint.R_EAR: (8,),
    Joint.L_EAR: (7,),
    Joint.L_BIG_TOE: (31,),  # BlazePose calls it the foot's index
    Joint.L_SMALL_TOE: (31,),  # then moved outward
    Joint.L_HEEL: (29,),
    Joint.R_BIG_TOE: (32,),
    Joint.R_SMALL_TOE: (32,),  # then moved outward
    Joint.R_HEEL: (30,),
}
"""Each joint of BODY_25 as the mean of BlazePose landmarks."""

SMALL_TOE_BACK, SMALL_TOE_OUT = 0.2, 0.35
"""Where a small toe is from the big one, in lengths of the foot (an adult's, rounded)."""

BEYOND_LANDMARKS = 0.025
"""How far clothes and shoes reach beyond the landmarks, in the box's larger side (60 photos)."""

RIGHT_EYE_RIM = (33, 160, 158, 133, 153, 144)
LEFT_EYE_RIM = (362, 385, 387, 263, 373, 380)

FACE: tuple[tuple[int, ...], ...] = (
    # contour, from the right temple over the chin to the left
    (127,), (234,), (93,), (132, 58), (58, 172), (136,), (150,), (176,), (152,),
    (400,), (379,), (365,), (288, 397), (361, 288), (323,), (454,), (356,),
    # right brow, left brow
    (70,), (63,), (105,), (66,), (107,), (336,), (296,), (334,), (293,), (300,),
    # bridge of the nose, base of the nose
    (168, 6), (197, 195), (5,), (4,), (75,), (97,), (2,), (326,), (305,),
    # right eye, left eye
    (33,), (160,), (158,), (133,), (153,), (144,),
    (362,), (385,), (387,), (263,), (373,), (380,),
    # outer lips, inner lips
    (61,), (39,), (37,), (0,), (267,), (269,), (291,), (321,), (314,), (17,), (84,), (91,),
    (78,), (82,), (13,), (312,), (308,), (317,), (14,), (87,),
    # pupils: the middles of the eyes' rims, for the mesh does not know the gaze
    RIGHT_EYE_RIM, LEFT_EYE_RIM,
)  # fmt: skip
"""Each of OpenPose's 70 face points as the mean of mesh points."""


@dataclass(frozen=True)
class _Groups:
    """Groups of points, one after another: all members, where each group starts, and its size."""

    members: Int[np.ndarray, " N"]
    starts: Int[np.ndarray, " G"]
    sizes: Int[np.ndarray, "G 1"]

    @classmethod
    def of(cls, groups: Iterable[tuple[int, ...]]) -> "_Groups":
        parts = list(groups)
        sizes = np.array([len(part) for part in parts])
        return cls(np.concatenate(parts), np.cumsum(sizes) - sizes, sizes[:, None])

    def means(self, points: Float[np.ndarray, "K D"]) -> Float[np.ndarray, "G D"]:
        """The mean of each group's points."""
        total: np.ndarray = np.add.reduceat(points[self.members], self.starts)
        return total / self.sizes


_BODY, _FACE = _Groups.of(BODY.values()), _Groups.of(FACE)

_FEET = (
    (Joint.L_SMALL_TOE, Joint.L_BIG_TOE, Joint.L_HEEL, Joint.L_ANKLE, 1.0),
    (Joint.R_SMALL_TOE, Joint.R_BIG_TOE, Joint.R_HEEL, Joint.R_ANKLE, -1.0),
)


@dataclass(frozen=True)
class BodyPoints:
    """One person's BODY_25 in pixels with confidences, and in metres from between the hips."""

    body: Float32[np.ndarray, "25 3"]
    world: Float32[np.ndarray, "25 3"]


def body_points(found: PoseResult) -> BodyPoints:
    """The body in OpenPose's layout.

    A confidence is visibility times presence, of a mean the least of its parts. Points beyond the
    picture's edge are BlazePose's guesses: they stay, for they tell where limbs go, and their
    presence makes them unsure.
    """
    sure = found.visibility * found.presence
    body = np.zeros((25, 3))
    world = np.zeros((25, 3))
    joints = list(BODY)
    body[joints, :2] = _BODY.means(found.landmarks[:, :2])
    body[joints, 2] = np.minimum.reduceat(sure[_BODY.members], _BODY.starts)
    world[joints] = _BODY.means(found.world)
    scale = pixels_per_metre(found)
    for small, big, heel, ankle, side in _FEET:
        offset = small_toe(world[big], world[heel], world[ankle], side)
        world[small] += offset
        body[small, :2] += offset[:2] * scale
    world -= world[Joint.MID_HIP]
    return BodyPoints(body.astype(np.float32), world.astype(np.float32))


def pixels_per_metre(found: PoseResult) -> float:
    """The scale that best takes the body in metres to the body in the picture."""
    pixels = found.landmarks[:, :2] - found.landmarks[:, :2].mean(0)
    metres = found.world[:, :2] - found.world[:, :2].mean(0)
    return float((pixels * metres).sum() / max((metres**2).sum(), 1e-9))


def small_toe(
    toe: Float[np.ndarray, " 3"],
    heel: Float[np.ndarray, " 3"],
    ankle: Float[np.ndarray, " 3"],
    side: float,
) -> Float[np.ndarray, " 3"]:
    """From the big toe to the small one, in metres; `side` is 1 for the left foot, -1 the right.

    Outward is at right angles to the foot and to the way up from heel to ankle. Where these two
    are parallel nothing is known of outward, and the toe moves back only.
    """
    along = toe - heel
    length = float(np.linalg.norm(along))
    out = np.cross(ankle - heel, along) * side
    norm = float(np.linalg.norm(out))
    back: np.ndarray = -SMALL_TOE_BACK * along
    if norm < 1e-6:
        return back
    offset: np.ndarray = back + out / norm * (SMALL_TOE_OUT * length)
    return offset


def face_points(mesh: Float[np.ndarray, "468 2"], confidence: float) -> Float32[np.ndarray, "70 3"]:
    """OpenPose's 70 face points of a mesh, each with the face's own confidence."""
    points = np.full((len(FACE), 3), confidence, np.float32)
    points[:, :2] = _FACE.means(mesh)
    return points


def box_around(found: PoseResult) -> Float32[np.ndarray, " 4"]:
    """x0, y0, x1, y1 around all landmarks, the head above the face, clothes and shoes.

    The head is a circle around the middle of the ears: as wide as they are apart, or, seen from
    the side, as the neck suggests.
    """
    xy = found.landmarks[:, :2]
    ears, neck = xy[[7, 8]].mean(0), xy[[11, 12]].mean(0)
    radius = max(float(np.hypot(*(xy[7] - xy[8]))), 0.65 * float(np.hypot(*(ears - neck))))
    low = np.minimum(xy.min(0), ears - radius)
    high = np.maximum(xy.max(0), ears + radius)
    around = BEYOND_LANDMARKS * float((high - low).max())
    return np.concatenate([low - around, high + around]).astype(np.float32)
