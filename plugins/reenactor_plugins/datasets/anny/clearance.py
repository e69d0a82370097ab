"""Arms keep out of the trunk: a broad person holds them further off than a slim one."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from reenactor_plugins.datasets.anny.measures import Measures
from reenactor_plugins.datasets.anny.model import Body
from reenactor_plugins.datasets.anny.turning import Vector, unit_vector

ELBOW, WRIST = 0.045, 0.035
"""Half an arm's thickness there, in metres at 1.7 m height."""


@dataclass(frozen=True)
class Trunk:
    """Half widths and the depths before and behind of a trunk at rest, at falling levels (y)."""

    levels: Float[np.ndarray, " L"]
    wide: Float[np.ndarray, " L"]
    front: Float[np.ndarray, " L"]
    back: Float[np.ndarray, " L"]
    size: float

    @classmethod
    def of(cls, body: Body, m: Measures) -> "Trunk":
        points = body.points[(m.arm < 0) & (m.head < 0.5)]
        shoulder, hip = body.head("upperarm01.L")[1], m.hip[1]
        levels = np.linspace(shoulder + 0.12 * m.trunk, hip + 0.15 * m.trunk, 10)
        near = [points[np.abs(points[:, 1] - y) < 0.02 * m.size] for y in levels]
        return cls(
            levels,
            np.array([np.abs(part[:, 0]).max() for part in near]),
            np.array([part[:, 2].min() for part in near]),
            np.array([part[:, 2].max() for part in near]),
            m.size,
        )

    def outside(self, place: Vector, thick: float) -> Vector:
        """The place, or if an arm that thick would be in the trunk there, the nearest free one."""
        if not self.levels[0] < place[1] < self.levels[-1]:
            return place
        wide, front, back = (
            float(np.interp(place[1], self.levels, side))
            for side in (self.wide, self.front, self.back)
        )
        thick = thick * self.size
        middle, deep = (front + back) / 2, (back - front) / 2
        reach = np.hypot(place[0] / (wide + thick), (place[2] - middle) / (deep + thick))
        if reach >= 1:
            return place
        away = np.array([place[0], 0, place[2] - middle]) / max(float(reach), 0.2)
        return np.array([away[0], place[1], middle + away[2]])

    def freed(
        self, shoulder: Vector, lengths: tuple[float, float], ways: tuple[Vector, Vector]
    ) -> tuple[Vector, Vector]:
        """The directions of upper arm and forearm, in the chest's axes, free of the trunk."""
        upper = self.outside(shoulder + lengths[0] * ways[0], ELBOW) - shoulder
        upper = unit_vector(upper)
        elbow = shoulder + lengths[0] * upper
        fore = self.outside(elbow + lengths[1] * ways[1], WRIST) - elbow
        return upper, unit_vector(fore)
