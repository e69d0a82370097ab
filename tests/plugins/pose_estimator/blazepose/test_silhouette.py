from collections.abc import Callable
from math import pi

import numpy as np
import pytest

from reenactor_plugins.networks.mediapipe.pose import PoseResult
from reenactor_plugins.networks.mediapipe.roi import Roi
from reenactor_plugins.pose_estimator.blazepose.silhouette import MARGIN, MASK_SIDE, silhouette

Man = Callable[..., PoseResult]


def _pixel(mask: np.ndarray, box: np.ndarray, x: float, y: float) -> float:
    """The mask's value at a place of the picture."""
    step = (box[2] - box[0]) / MASK_SIDE
    return float(mask[int((y - box[1]) / step), int((x - box[0]) / step)])


@pytest.mark.parametrize("angle", [0.0, pi / 2])
def test_what_the_turned_square_shows_lands_at_its_place(man: Man, angle: float) -> None:
    # The upper half of the square's own view is the person.
    logits = np.full((256, 256), -1500, np.float32)
    logits[:128] = 1500
    found = man(roi=Roi(100.0, 100.0, 200.0, angle), segmentation=logits)
    cut = silhouette(found, np.array([50, 20, 150, 180], np.float32))
    # Turned clockwise by a quarter, its upper half is the picture's right.
    x, y = (100.0, 60.0) if angle == 0 else (140.0, 100.0)
    assert _pixel(cut.mask, cut.box, x, y) == pytest.approx(1)
    assert _pixel(cut.mask, cut.box, 200 - x, 200 - y) == pytest.approx(0)


def test_the_box_is_a_square_with_a_margin_around_the_person(man: Man) -> None:
    cut = silhouette(man(), np.array([90, 20, 110, 180], np.float32))
    half = MARGIN * 160 / 2
    assert cut.box == pytest.approx([100 - half, 100 - half, 100 + half, 100 + half])
    assert cut.mask.shape == (MASK_SIDE, MASK_SIDE)
    assert cut.mask.dtype == np.float32


def test_beyond_the_networks_square_is_no_person(man: Man) -> None:
    found = man(
        roi=Roi(100.0, 100.0, 50.0, 0.0), segmentation=np.full((256, 256), 1500, np.float32)
    )
    cut = silhouette(found, np.array([0, 0, 200, 200], np.float32))
    assert _pixel(cut.mask, cut.box, 100, 100) == pytest.approx(1)
    assert _pixel(cut.mask, cut.box, 130, 100) == 0
    # The square is 50 pixels wide in a box of 230.
    assert float((cut.mask > 0.5).mean()) == pytest.approx((50 / 230) ** 2, rel=0.05)
