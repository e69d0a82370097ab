"""Which vertices of the model are key points: found once, on an average body, for all bodies."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from reenactor.joints import Joint
from reenactor_anny.body import Body
from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array, normals

BONES: dict[Joint, str] = {
    Joint.R_SHOULDER: "upperarm01.R", Joint.R_ELBOW: "lowerarm01.R", Joint.R_WRIST: "wrist.R",
    Joint.L_SHOULDER: "upperarm01.L", Joint.L_ELBOW: "lowerarm01.L", Joint.L_WRIST: "wrist.L",
    Joint.R_HIP: "upperleg01.R", Joint.R_KNEE: "lowerleg01.R", Joint.R_ANKLE: "foot.R",
    Joint.L_HIP: "upperleg01.L", Joint.L_KNEE: "lowerleg01.L", Joint.L_ANKLE: "foot.L",
}  # fmt: skip
"""Joints that are where a bone begins."""


@dataclass(frozen=True)
class Marks:
    """Vertices that stand for key points.

    `body` joints that lie on the skin, `tips` (2, 5) the ends of the fingers, left hand first,
    thumb first; `face` (70,).
    """

    body: dict[Joint, int]
    tips: Int[np.ndarray, "2 5"]
    face: Int[np.ndarray, " 70"]

    @classmethod
    def found(cls, body: Body) -> "Marks":
        """Those of an average body, which are those of all."""
        points, head = body.vertices, Form.of(body).head
        face = _Face(body, head)
        spots = {Joint.NOSE: face.nose}
        for joint, side, sign in ((Joint.L_EAR, "L", 1), (Joint.R_EAR, "R", -1)):
            level = np.abs(face.places[:, 1] - 0.02) < 0.02
            mine = np.flatnonzero((head > 0.9) & level)
            spots[joint] = int(mine[np.argmax(points[mine, 0] * sign)])
            spots[Joint.L_EYE if side == "L" else Joint.R_EYE] = face.at(sign * face.apart, 0.0)
        for big, small, heel, side in (
            (Joint.L_BIG_TOE, Joint.L_SMALL_TOE, Joint.L_HEEL, "L"),
            (Joint.R_BIG_TOE, Joint.R_SMALL_TOE, Joint.R_HEEL, "R"),
        ):
            spots[big] = _furthest(body, f"toe1-2.{side}", -points[:, 1])
            spots[small] = _furthest(body, f"toe5-3.{side}", -points[:, 1])
            spots[heel] = _furthest(body, f"foot.{side}", points[:, 1] - 0.3 * points[:, 2])
        tips = [[_tip(body, finger, side) for finger in range(1, 6)] for side in "LR"]
        return cls(body=spots, tips=np.array(tips), face=face.seventy())


def _furthest(body: Body, bone: str, score: Array) -> int:
    mine = np.flatnonzero(body.weights[:, body.index(bone)] > 0.4)
    return int(mine[np.argmax(score[mine])])


def _tip(body: Body, finger: int, side: str) -> int:
    way = body.head(f"finger{finger}-3.{side}") - body.head(f"finger{finger}-2.{side}")
    return _furthest(body, f"finger{finger}-3.{side}", body.vertices @ way)


class _Face:
    """The front of a head; `places` (V, 3) are metres beside, below and behind the eyes' middle."""

    def __init__(self, body: Body, head: Array) -> None:
        eye = (body.head("eye.L") + body.head("eye.R")) / 2
        self.apart = float(abs(body.head("eye.L")[0]))
        away = body.vertices - eye
        self.places = np.stack([away[:, 0], -away[:, 2], away[:, 1]], axis=1)
        outward = normals(body.vertices, body.faces)
        front = (head > 0.9) & (outward[:, 1] < 0.15) & (self.places[:, 2] < 0.09)
        self._front = np.flatnonzero(front & (body.weight_of("eye") < 0.1))
        near = self._front[np.abs(self.places[self._front, 0]) < 0.012]
        near = near[self.places[near, 1] > 0]
        self.nose = int(near[np.argmin(self.places[near, 2])])
        self._lips = (body.masked("lips") > 0.5) & (head > 0.5)

    def at(self, x: float, y: float) -> int:
        """The vertex on the front nearest to a place."""
        away = self.places[self._front, :2] - np.array([x, y])
        # Of what lies behind one another (lips, lids) the foremost.
        score = (away**2).sum(1) + 0.0002 * self.places[self._front, 2]
        return int(self._front[np.argmin(score)])

    def seventy(self) -> Int[np.ndarray, " 70"]:
        """OpenPose's face points in their order; the right side comes first (x below 0)."""
        e = self.apart
        mouth = self.places[self._lips]
        wide, top, low = np.abs(mouth[:, 0]).max(), mouth[:, 1].min(), mouth[:, 1].max()
        middle = top + 0.45 * (low - top)
        nose = self.places[self.nose, 1]
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
        places = self.places[self._front]
        chin = places[(np.abs(places[:, 0]) < 0.012) & (places[:, 1] > low)][:, 1]
        bottom = float(np.max(chin)) - 0.004
        found: list[int] = []
        for k in range(17):
            angle = np.pi * k / 16  # 0 the right temple, half way the chin
            level = bottom * np.sin(angle) ** 0.8
            way = -np.cos(angle)
            near = self._front[np.abs(places[:, 1] - level) < 0.008]
            if k == 8:
                found.append(self.at(0.0, bottom))
                continue
            reach = np.abs(self.places[near, 0]).max()
            share = min(1.0, abs(way) * 1.35)
            away = np.abs(self.places[near, 0] - np.sign(way) * share * reach)
            found.append(int(near[np.argmin(away)]))
        return found
