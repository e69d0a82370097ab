"""Heat maps and fields drawn by hand, as a perfect network would give them."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from reenactor.joints import Joint
from reenactor_plugins.pose_estimator.openpose.layout import BODY_25

STANDING = {
    Joint.NOSE: (0, -130), Joint.NECK: (0, -100), Joint.MID_HIP: (0, 0),
    Joint.R_SHOULDER: (-35, -100), Joint.R_ELBOW: (-50, -55), Joint.R_WRIST: (-56, -10),
    Joint.L_SHOULDER: (35, -100), Joint.L_ELBOW: (50, -55), Joint.L_WRIST: (56, -10),
    Joint.R_HIP: (-20, 0), Joint.R_KNEE: (-22, 55), Joint.R_ANKLE: (-24, 110),
    Joint.L_HIP: (20, 0), Joint.L_KNEE: (22, 55), Joint.L_ANKLE: (24, 110),
    Joint.R_EYE: (-10, -138), Joint.L_EYE: (10, -138),
    Joint.R_EAR: (-22, -134), Joint.L_EAR: (22, -134),
    Joint.L_BIG_TOE: (40, 122), Joint.L_SMALL_TOE: (50, 118), Joint.L_HEEL: (20, 120),
    Joint.R_BIG_TOE: (-40, 122), Joint.R_SMALL_TOE: (-50, 118), Joint.R_HEEL: (-20, 120),
}  # fmt: skip
"""x and y of a figure around its hips, 260 pixels tall."""

Drawn = tuple[Tensor, Tensor]
Draw = Callable[[Sequence[Tensor], tuple[int, int]], Drawn]


@pytest.fixture
def standing() -> Callable[..., Tensor]:
    """Gives 25 points of somebody whose hips are at x, y; some of them elsewhere."""

    def figure(x: float, y: float, **moved: tuple[float, float]) -> Tensor:
        points = torch.zeros(25, 3)
        for joint, (dx, dy) in STANDING.items():
            points[joint] = torch.tensor([x + dx, y + dy, 1.0])
        for name, place in moved.items():
            points[Joint[name], :2] = torch.tensor(place)
        return points

    return figure


@pytest.fixture
def draw() -> Draw:
    """Heat maps (25 kinds) and fields (52 channels) of people, for an input of that size."""

    def drawn(people: Sequence[Tensor], size: tuple[int, int]) -> Drawn:
        rows, columns = size[0] // 8, size[1] // 8
        y, x = np.mgrid[:rows, :columns] * 8 + 3.5  # centres of the cells
        heat, field = np.zeros((25, rows, columns)), np.zeros((52, rows, columns))
        count = np.zeros((26, rows, columns))
        for points in people:
            for kind, (px, py, sure) in enumerate(points.tolist()):
                if sure:
                    spot = sure * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * 7.0**2))
                    heat[kind] = np.maximum(heat[kind], spot)
            for n, limb in enumerate(BODY_25.limbs):
                a, b = points[limb.first].numpy(), points[limb.second].numpy()
                if not (a[2] and b[2]):
                    continue
                length = np.hypot(*(b - a)[:2])
                ux, uy = (b - a)[:2] / length
                along = (x - a[0]) * ux + (y - a[1]) * uy
                across = np.abs((x - a[0]) * uy - (y - a[1]) * ux)
                near = (along > -8) & (along < length + 8) & (across <= 8)
                field[limb.channel][near] += ux
                field[limb.channel + 1][near] += uy
                count[n][near] += 1
        for n, limb in enumerate(BODY_25.limbs):  # where limbs cross, fields are averaged
            field[limb.channel : limb.channel + 2] /= np.maximum(count[n], 1)
        return torch.from_numpy(heat).float(), torch.from_numpy(field).float()

    return drawn
