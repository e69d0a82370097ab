"""A stick man in BlazePose's landmarks, one unit per pixel, and results about him."""

from collections.abc import Callable

import numpy as np
import pytest

from reenactor_plugins.networks.mediapipe.pose import PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi, roi_of_circle

STANDING: dict[int, tuple[float, float]] = {
    0: (0, -65), 1: (2, -68), 2: (3, -68), 3: (4, -68), 4: (-2, -68), 5: (-3, -68), 6: (-4, -68),
    7: (7, -66), 8: (-7, -66), 9: (2, -61), 10: (-2, -61),
    11: (18, -50), 12: (-18, -50), 13: (25, -25), 14: (-25, -25), 15: (27, 0), 16: (-27, 0),
    17: (29, 8), 18: (-29, 8), 19: (26, 9), 20: (-26, 9), 21: (25, 6), 22: (-25, 6),
    23: (10, 0), 24: (-10, 0), 25: (11, 42), 26: (-11, 42), 27: (12, 84), 28: (-12, 84),
    29: (11, 90), 30: (-11, 90), 31: (16, 92), 32: (-16, 92),
}  # fmt: skip
"""x and y from between the hips. He faces the camera: his left is at positive x."""

Man = Callable[..., PoseResult]


def make_man(
    x: float = 100.0,
    y: float = 100.0,
    scale: float = 1.0,
    flag: float = 0.99,
    sure: float = 0.9,
    **changes: object,
) -> PoseResult:
    """The man with his hips at x, y; `scale` pixels a unit; a unit is a centimetre."""
    points = np.array([STANDING[k] for k in range(33)])
    landmarks = np.column_stack([points * scale + [x, y], np.zeros(33)])
    world = np.column_stack([points / 100, np.zeros(33)])
    circle = np.array([[x, y], [x, y - 92 * scale]])
    fields: dict[str, object] = {
        "roi": roi_of_circle(*circle),
        "flag": flag,
        "landmarks": landmarks,
        "visibility": np.full(33, sure),
        "presence": np.ones(33),
        "circle": circle,
        "world": world,
        "segmentation": np.full((256, 256), -99, np.float32),
        "feature_outputs": (),
    }
    return PoseResult(**{**fields, **changes})  # type: ignore[arg-type]  # arguments of several types


@pytest.fixture
def man() -> Man:
    return make_man


class Stage:
    """People at given places; the networks that see them, and what was asked of the networks."""

    def __init__(self) -> None:
        self.people: list[PoseResult] = []
        self.seen_by_detector: list[bool] = []
        self.detections = 0
        self.looks: list[Roi] = []

    def look(self, picture: np.ndarray, roi: Roi) -> PoseResult:
        """The person nearest the square's middle, if inside it."""
        self.looks.append(roi)
        near = [p for p in self.people if _gap(p, roi) < roi.size / 2]
        if not near:
            return make_man(roi.x, roi.y, flag=0.01)
        return min(near, key=lambda p: _gap(p, roi))


def _gap(person: PoseResult, roi: Roi) -> float:
    return float(np.hypot(*(person.circle[0] - [roi.x, roi.y])))


@pytest.fixture
def stage() -> Stage:
    return Stage()
