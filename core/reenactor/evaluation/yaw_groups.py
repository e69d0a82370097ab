"""Groups frames by how far the driver is turned away from the camera, whichever way."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Group = Literal["0-30", "30-60", "60-120", "120-180"]
"""Degrees; the lower bound belongs to the group."""
GROUPS: tuple[Group, ...] = ("0-30", "30-60", "60-120", "120-180")


def members(yaw: Sequence[float], group: Group) -> npt.NDArray[np.bool_]:
    """Which of these yaws in degrees, -180 to 180, are in the group; none that are NaN."""
    low, high = (int(bound) for bound in group.split("-"))
    turned = np.abs(np.array(yaw, float))
    return np.asarray((turned >= low) & ((turned < high) | (high == 180)))


def within(values: Sequence[float], yaw: Sequence[float], group: Group) -> list[float]:
    """The values with NaN outside the group."""
    mine = members(yaw, group)
    return [value if here else np.nan for value, here in zip(values, mine, strict=True)]
