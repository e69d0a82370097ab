"""Bones, head and scale of a person, from a skeleton."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32

from reenactor.joints import Joint

J = Joint
SEEN = 0.1
"""Key points below this confidence are ignored."""
FOOT_LENGTH = 0.25
"""From the ankle to the toes, seen from the front, in trunk lengths."""
Size = tuple[int, int]
Line = tuple[np.ndarray, np.ndarray]

JAW = slice(0, 17)
BROWS = slice(17, 27)
ARMS = ((J.L_SHOULDER, J.L_ELBOW, J.L_WRIST), (J.R_SHOULDER, J.R_ELBOW, J.R_WRIST))
LEGS = ((J.L_HIP, J.L_KNEE, J.L_ANKLE), (J.R_HIP, J.R_KNEE, J.R_ANKLE))
TOES = ((J.L_ANKLE, J.L_HEEL, J.L_BIG_TOE), (J.R_ANKLE, J.R_HEEL, J.R_BIG_TOE))


@dataclass(frozen=True)
class HeadEllipse:
    """An ellipse around the face: centre, half axes across and along, and direction down."""

    centre: Float[np.ndarray, " 2"]
    across: float
    along: float
    down: Float[np.ndarray, " 2"]

    def coordinates(self, size: Size) -> tuple[np.ndarray, np.ndarray]:
        """Each pixel's coordinates across and down the face, in half axes."""
        y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
        x, y = x - float(self.centre[0]), y - float(self.centre[1])
        right, down = float(self.down[1]), float(self.down[0])
        return (x * right - y * down) / self.across, (x * down + y * right) / self.along


@dataclass(frozen=True)
class BodyGeometry:
    """Joints and face points in pixels of a picture; `unit` is the length of the trunk."""

    body: Float[np.ndarray, "25 3"]
    face: Float[np.ndarray, "70 3"]
    unit: float
    head: HeadEllipse | None

    def has(self, *joints: Joint) -> bool:
        return all(self.body[joint, 2] > SEEN for joint in joints)

    def __getitem__(self, joint: Joint) -> np.ndarray:
        point: np.ndarray = self.body[joint, :2]
        return point

    def chain(self, joints: tuple[Joint, ...]) -> list[Line]:
        """The bones of a chain with both ends visible."""
        pairs = pairwise(joints)
        return [(self[a], self[b]) for a, b in pairs if self.has(a, b)]

    def hand(self, side: int) -> list[Line]:
        """From the wrist to the finger tips, in the direction of the forearm."""
        _, elbow, wrist = ARMS[side]
        if not self.has(elbow, wrist):
            return []
        forearm = self[wrist] - self[elbow]
        length = max(float(np.hypot(*forearm)), 1e-6)
        return [(self[wrist], self[wrist] + forearm / length * 0.32 * self.unit)]

    def foot(self, side: int) -> list[Line]:
        """From the ankle over the heel to the toes. Without foot points (COCO has none), in the
        direction of the shin."""
        ankle, heel, toe = TOES[side]
        if self.has(ankle, heel) or self.has(ankle, toe):
            return self.chain((ankle, heel, toe)) + self.chain((ankle, toe))
        knee = LEGS[side][1]
        if not self.has(knee, ankle):
            return []
        shin = self[ankle] - self[knee]
        length = max(float(np.hypot(*shin)), 1e-6)
        return [(self[ankle], self[ankle] + shin / length * FOOT_LENGTH * self.unit)]

    @property
    def trunk(self) -> np.ndarray | None:
        """The quadrilateral of shoulders and hips; None if one is not visible."""
        corners = (J.L_SHOULDER, J.R_SHOULDER, J.R_HIP, J.L_HIP)
        return self.body[list(corners), :2] if self.has(*corners) else None


def body_geometry(
    body: Float[np.ndarray, "25 3"], face: Float[np.ndarray, "70 3"]
) -> BodyGeometry | None:
    """Measure a skeleton; None if too little of it is visible."""
    body = body.astype(np.float64)
    body[~np.isfinite(body).all(1)] = 0
    for middle, left, right in (
        (J.NECK, J.L_SHOULDER, J.R_SHOULDER),
        (J.MID_HIP, J.L_HIP, J.R_HIP),
    ):
        if body[middle, 2] <= SEEN and body[left, 2] > SEEN and body[right, 2] > SEEN:
            body[middle] = (body[left] + body[right]) / 2
    unit = _unit(body)
    if unit < 4:
        return None
    return BodyGeometry(body, face.astype(np.float64), unit, _head(body, face, unit))


def _unit(body: np.ndarray) -> float:
    """The trunk's length, or an estimate from the shoulder width if foreshortened or hidden."""

    def apart(a: Joint, b: Joint, share: float) -> float:
        if body[a, 2] <= SEEN or body[b, 2] <= SEEN:
            return 0.0
        return float(np.hypot(*(body[a, :2] - body[b, :2]))) * share

    return max(
        apart(J.NECK, J.MID_HIP, 1.0),
        apart(J.L_SHOULDER, J.R_SHOULDER, 1.3),
        apart(J.NECK, J.NOSE, 2.0),
        apart(J.L_HIP, J.L_KNEE, 1.0),
        apart(J.R_HIP, J.R_KNEE, 1.0),
    )


def _head(body: np.ndarray, face: np.ndarray, unit: float) -> HeadEllipse | None:
    down = np.array([0.0, 1.0])
    if body[J.NECK, 2] > SEEN and body[J.NOSE, 2] > SEEN:
        axis = body[J.NECK, :2] - body[J.NOSE, :2]
        down = axis / max(float(np.hypot(*axis)), 1e-6)
    outline = face[: BROWS.stop]
    if (outline[:, 2] > SEEN).all():
        side = outline[:, :2] @ np.array([down[1], -down[0]])
        along = outline[:, :2] @ down
        across = max(float(np.ptp(side)) / 2, 0.05 * unit)
        # Chin to hair line is about 1.3 times chin to brows.
        low, high = along.max(), along.max() - 1.3 * np.ptp(along)
        centre = np.array([down[1], -down[0]]) * (side.max() + side.min()) / 2
        centre = centre + down * (low + high) / 2
        return HeadEllipse(centre, across, max(float(low - high) / 2, across), down)
    seen = [j for j in (J.NOSE, J.L_EYE, J.R_EYE, J.L_EAR, J.R_EAR) if body[j, 2] > SEEN]
    if not seen:
        return None
    return HeadEllipse(body[seen, :2].mean(0), 0.15 * unit, 0.2 * unit, down)


def limb(figure: BodyGeometry, joints: tuple[Joint, Joint, Joint]) -> list[Line]:
    """Both bones of a limb with a visible upper one; a hidden lower one continues straight."""
    root, middle, end = joints
    if not figure.has(root, middle):
        return []
    tip = figure[end] if figure.has(end) else 2 * figure[middle] - figure[root]
    return [(figure[root], figure[middle]), (figure[middle], tip)]


def distance_to(lines: list[Line], size: Size) -> Float32[np.ndarray, "H W"]:
    """Distance to the nearest line in pixels; large if there is none."""
    if not lines:
        return np.full(size, 1e4, np.float32)
    canvas = np.ones(size, np.uint8)
    for start, end in lines:
        a, b = (np.clip(p * 16, -(2**20), 2**20).round().astype(int) for p in (start, end))
        cv2.line(canvas, a.tolist(), b.tolist(), (0,), 1, shift=4)
    if canvas.all():
        return np.full(size, 1e4, np.float32)
    return cv2.distanceTransform(canvas, cv2.DIST_L2, 5)


def filled(outline: np.ndarray, size: Size) -> Bool[np.ndarray, "H W"]:
    """Mask of a polygon."""
    canvas = np.zeros(size, np.uint8)
    points = np.clip(outline * 16, -(2**20), 2**20).round().astype(np.int32)
    cv2.fillPoly(canvas, [points], (1,), shift=4)
    return canvas > 0
