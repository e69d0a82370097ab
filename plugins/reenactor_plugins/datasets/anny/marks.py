"""Which vertices of the model are key points: found once, on an average body, for all bodies."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, Int

from reenactor.joints import Joint
from reenactor_plugins.datasets.anny.measures import measure
from reenactor_plugins.datasets.anny.mesh import Points, normals
from reenactor_plugins.datasets.anny.model import Body, BodyModel, texture_folder

BONES: dict[Joint, str] = {
    Joint.R_SHOULDER: "upperarm01.R", Joint.R_ELBOW: "lowerarm01.R", Joint.R_WRIST: "wrist.R",
    Joint.L_SHOULDER: "upperarm01.L", Joint.L_ELBOW: "lowerarm01.L", Joint.L_WRIST: "wrist.L",
    Joint.R_HIP: "upperleg01.R", Joint.R_KNEE: "lowerleg01.R", Joint.R_ANKLE: "foot.R",
    Joint.L_HIP: "upperleg01.L", Joint.L_KNEE: "lowerleg01.L", Joint.L_ANKLE: "foot.L",
}  # fmt: skip
"""Joints that are where a bone begins."""


@dataclass(frozen=True)
class Marks:
    """Vertices that stand for key points, and those of parts of the face.

    `body` joints that lie on the skin, `tips` (2, 5) the ends of the fingers, left hand first,
    thumb first; `face` (70,).
    """

    body: dict[Joint, int]
    tips: Int[np.ndarray, "2 5"]
    face: Int[np.ndarray, " 70"]
    lips: Bool[np.ndarray, " V"]
    brows: Bool[np.ndarray, " V"]
    eyes: Bool[np.ndarray, " V"]
    irises: Bool[np.ndarray, " V"]

    @classmethod
    def found(cls, model: BodyModel) -> "Marks":
        body = model.body({"age": 0.67, "gender": 0.5})
        m = measure(body)
        points = body.points
        face = _Face(body, m.head)
        spots = {Joint.NOSE: face.nose}
        for joint, side, sign in ((Joint.L_EAR, "L", 1), (Joint.R_EAR, "R", -1)):
            level = np.abs(points[:, 1] - face.eye[1] - 0.02) < 0.02
            mine = np.flatnonzero((m.head > 0.9) & level)
            spots[joint] = int(mine[np.argmax(points[mine, 0] * sign)])
            spots[Joint.L_EYE if side == "L" else Joint.R_EYE] = face.at(sign * face.apart, 0.0)
        for big, small, heel, side in (
            (Joint.L_BIG_TOE, Joint.L_SMALL_TOE, Joint.L_HEEL, "L"),
            (Joint.R_BIG_TOE, Joint.R_SMALL_TOE, Joint.R_HEEL, "R"),
        ):
            spots[big] = _furthest(body, f"toe1-2.{side}", -points[:, 2])
            spots[small] = _furthest(body, f"toe5-3.{side}", -points[:, 2])
            low = points[:, 2] + 0.3 * points[:, 1]
            spots[heel] = _furthest(body, f"foot.{side}", low)
        return cls(
            body=spots,
            tips=np.array([[_tip(body, finger, side) for finger in range(1, 6)] for side in "LR"]),
            face=face.seventy(),
            lips=face.lips,
            brows=face.brows(),
            eyes=m.eye > 0.5,
            irises=face.irises(m.eye),
        )


def _furthest(body: Body, bone: str, score: Float[np.ndarray, " V"]) -> int:
    mine = np.flatnonzero(body.weights[:, body.index(bone)] > 0.4)
    return int(mine[np.argmax(score[mine])])


def _tip(body: Body, finger: int, side: str) -> int:
    way = body.head(f"finger{finger}-3.{side}") - body.head(f"finger{finger}-2.{side}")
    return _furthest(body, f"finger{finger}-3.{side}", body.points @ way)


class _Face:
    """The front of a head; places are metres beside and below the middle of the eyes."""

    def __init__(self, body: Body, head: Float[np.ndarray, " V"]) -> None:
        self._points: Points = body.points
        self.eye = (body.head("eye.L") + body.head("eye.R")) / 2
        self.apart = float(abs(body.head("eye.L")[0]))
        outward = normals(body.points, body.faces)
        front = (head > 0.9) & (outward[:, 2] < 0.15) & (body.points[:, 2] < self.eye[2] + 0.09)
        self._front = np.flatnonzero(front & (body.follows("eye") < 0.1))
        near = self._front[np.abs(body.points[self._front, 0]) < 0.012]
        near = near[body.points[near, 1] > self.eye[1]]
        self.nose = int(near[np.argmin(body.points[near, 2])])
        self.lips = _painted(body, "lips") & (head > 0.5)

    def at(self, x: float, y: float) -> int:
        """The vertex on the front nearest to a place."""
        away = self._points[self._front, :2] - self.eye[:2] - np.array([x, y])
        # Of what lies behind one another (lips, lids) the foremost.
        score = (away**2).sum(1) + 0.0002 * (self._points[self._front, 2] - self.eye[2])
        return int(self._front[np.argmin(score)])

    def irises(self, eye: Float[np.ndarray, " V"]) -> Bool[np.ndarray, " V"]:
        side = np.abs(np.abs(self._points[:, 0]) - self.apart)
        away = np.hypot(side, self._points[:, 1] - self.eye[1])
        return np.asarray((eye > 0.5) & (away < 0.0062) & (self._points[:, 2] < self.eye[2]))

    def brows(self) -> Bool[np.ndarray, " V"]:
        x = np.abs(self._points[:, 0]) / self.apart
        y = self._points[:, 1] - self.eye[1] + 0.023 - 0.006 * (x - 1) ** 2
        out = np.zeros(len(x), bool)
        out[self._front] = True
        return np.asarray(out & (x > 0.4) & (x < 1.7) & (np.abs(y) < 0.004))

    def seventy(self) -> Int[np.ndarray, " 70"]:
        """OpenPose's face points in their order; the right side comes first (x below 0)."""
        e = self.apart
        mouth = self._points[self.lips] - self.eye
        wide, top, low = np.abs(mouth[:, 0]).max(), mouth[:, 1].min(), mouth[:, 1].max()
        middle = top + 0.45 * (low - top)
        nose = self._points[self.nose, 1] - self.eye[1]
        places: list[tuple[float, float]] = []
        brow = [(-1.65, -0.018), (-1.35, -0.025), (-1.0, -0.027), (-0.7, -0.025), (-0.42, -0.021)]
        places += [(x * e, y) for x, y in brow]
        places += [(-x * e, y) for x, y in reversed(brow)]
        places += [(0, nose * k) for k in (0.0, 0.33, 0.66, 1.0)]
        places += [(x * 0.016, nose + 0.012) for x in (-1, -0.5, 0, 0.5, 1)]
        rim = [(-0.014, 0.0), (-0.006, -0.006), (0.006, -0.006), (0.014, 0.001), (0.006, 0.005),
               (-0.006, 0.005)]  # fmt: skip
        places += [(x - e, y) for x, y in rim]
        places += [(x + e, y) for x, y in rim]
        outer = [(-1, middle), (-0.6, (top + middle) / 2), (-0.25, top), (0, top + 0.002),
                 (0.25, top), (0.6, (top + middle) / 2), (1, middle), (0.6, (low + middle) / 2),
                 (0.25, low), (0, low), (-0.25, low), (-0.6, (low + middle) / 2)]  # fmt: skip
        places += [(x * wide, y) for x, y in outer]
        inner = [(-0.85, 0), (-0.35, -0.002), (0, -0.002), (0.35, -0.002), (0.85, 0), (0.35, 0.002),
                 (0, 0.002), (-0.35, 0.002)]  # fmt: skip
        places += [(x * wide, middle + y) for x, y in inner]
        places += [(-e, 0), (e, 0)]
        return np.array(
            self._contour(float(low)) + [self.at(float(x), float(y)) for x, y in places]
        )

    def _contour(self, low: float) -> list[int]:
        """From the right temple round the chin to the left: the outline at falling levels."""
        points = self._points[self._front]
        chin_band = np.abs(points[:, 0]) < 0.012
        chin = points[chin_band & (points[:, 1] - self.eye[1] > low)][:, 1]
        bottom = float(np.max(chin) - self.eye[1]) - 0.004
        found: list[int] = []
        for k in range(17):
            angle = np.pi * k / 16  # 0 the right temple, half way the chin
            level = self.eye[1] + bottom * np.sin(angle) ** 0.8
            way = -np.cos(angle)
            near = self._front[np.abs(points[:, 1] - level) < 0.008]
            if k == 8:
                found.append(self.at(0.0, bottom))
                continue
            reach = np.abs(self._points[near, 0]).max()
            share = min(1.0, abs(way) * 1.35)
            away = np.abs(self._points[near, 0] - np.sign(way) * share * reach)
            found.append(int(near[np.argmin(away)]))
        return found


def _painted(body: Body, name: str) -> Bool[np.ndarray, " V"]:
    """The vertices where one of the model's masks in texture space is white."""
    picture = cv2.imread(str(texture_folder() / f"mpfb_{name}.jpg"), cv2.IMREAD_GRAYSCALE)
    out = np.zeros(len(body.points), bool)
    if picture is None:
        return out
    height, width = picture.shape
    x = (body.uv[..., 0] * (width - 1)).astype(int).clip(0, width - 1)
    y = ((1 - body.uv[..., 1]) * (height - 1)).astype(int).clip(0, height - 1)
    np.logical_or.at(out, body.faces, picture[y, x] > 127)
    return out
