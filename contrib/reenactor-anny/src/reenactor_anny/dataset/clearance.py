"""Arms keep out of the trunk: a broad person holds them further off than a slim one."""

from dataclasses import dataclass

import numpy as np

from reenactor_anny.measures import Form
from reenactor_anny.mesh import Array
from reenactor_anny.turning import unit_vector

ELBOW, WRIST = 0.045, 0.035
"""Half an arm's thickness there, in metres at 1.7 m height."""


@dataclass(frozen=True)
class Trunk:
    """Half widths and the depths before and behind of a trunk at rest, at rising levels (z)."""

    levels: Array
    wide: Array
    front: Array
    back: Array
    size: float

    @classmethod
    def of(cls, form: Form) -> "Trunk":
        points = form.body.vertices[(form.arm < 0) & (form.head < 0.5)]
        shoulder = form.body.head("upperarm01.L")[2]
        levels = np.linspace(form.hip[2] - 0.15 * form.trunk, shoulder - 0.12 * form.trunk, 10)
        near = [points[np.abs(points[:, 2] - z) < 0.02 * form.size] for z in levels]
        return cls(
            levels,
            np.array([np.abs(part[:, 0]).max() for part in near]),
            np.array([part[:, 1].min() for part in near]),
            np.array([part[:, 1].max() for part in near]),
            form.size,
        )

    def outside(self, place: Array, thick: float) -> Array:
        """The place, or if an arm that thick would be in the trunk there, the nearest free one."""
        if not self.levels[0] < place[2] < self.levels[-1]:
            return place
        wide, front, back = (
            float(np.interp(place[2], self.levels, side))
            for side in (self.wide, self.front, self.back)
        )
        thick = thick * self.size
        middle, deep = (front + back) / 2, (back - front) / 2
        reach = np.hypot(place[0] / (wide + thick), (place[1] - middle) / (deep + thick))
        if reach >= 1:
            return place
        away = np.array([place[0], place[1] - middle]) / max(float(reach), 0.2)
        return np.array([away[0], middle + away[1], place[2]])

    def freed(
        self, shoulder: Array, lengths: tuple[float, float], ways: tuple[Array, Array]
    ) -> tuple[Array, Array]:
        """The directions of upper arm and forearm, in the chest's axes, free of the trunk."""
        upper = self.outside(shoulder + lengths[0] * ways[0], ELBOW) - shoulder
        upper = unit_vector(upper)
        elbow = shoulder + lengths[0] * upper
        fore = self.outside(elbow + lengths[1] * ways[1], WRIST) - elbow
        return upper, unit_vector(fore)
