"""Networks are tested on one thread: small ones gain nothing from more, and lose on busy cores."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from reenactor_plugins.networks.mediapipe.landmark import Landmark
from reenactor_plugins.parser.taps.limbs import SWAPPED

L = Landmark


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def standing() -> np.ndarray:
    """BlazePose's landmarks of somebody upright in a square of 256, their left at the right."""
    points = np.full((33, 2), 127.5)
    for left, x, y in (
        (L.L_EAR, 136, 40), (L.L_SHOULDER, 150, 70), (L.L_ELBOW, 165, 100), (L.L_WRIST, 170, 130),
        (L.L_INDEX, 171, 138), (L.L_HIP, 142, 130), (L.L_KNEE, 144, 175), (L.L_ANKLE, 145, 215),
        (L.L_HEEL, 143, 222), (L.L_TOE, 152, 225),
    ):  # fmt: skip
        points[left] = x, y
        points[SWAPPED[left]] = 255 - x, y
    points[L.NOSE, 1] = 45
    return points
