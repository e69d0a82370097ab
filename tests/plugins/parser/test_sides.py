"""Left and right by the nearest bone."""

import numpy as np

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor_plugins.parser.label_sets import NUMBERS
from reenactor_plugins.parser.sides import with_sides

ARMS, LEGS, SHOES = (NUMBERS[name] for name in ("arms", "legs", "shoes"))


def body(**joints: tuple[float, float]) -> np.ndarray:
    points = np.zeros((25, 3))
    for name, (x, y) in joints.items():
        points[Joint[name]] = x, y, 1
    return points


def test_each_pixel_goes_to_the_nearer_arm() -> None:
    labels = np.full((20, 40), ARMS, np.uint8)
    arms = body(L_SHOULDER=(30, 2), L_WRIST=(30, 18), R_SHOULDER=(10, 2), R_WRIST=(10, 18))
    found = with_sides(labels, arms)
    assert (found[:, :20] == Label.RIGHT_ARM).all()
    assert (found[:, 21:] == Label.LEFT_ARM).all()
    assert (labels == ARMS).all()


def test_crossed_legs_cross() -> None:
    labels = np.full((40, 40), LEGS, np.uint8)
    legs = body(L_HIP=(30, 0), L_ANKLE=(0, 39), R_HIP=(0, 0), R_ANKLE=(30, 39))
    found = with_sides(labels, legs)
    assert found[0, 39] == found[39, 0] == Label.LEFT_LEG
    assert found[0, 0] == found[39, 39] == Label.RIGHT_LEG


def test_one_seen_side_has_all_and_none_faces_the_camera() -> None:
    labels = np.zeros((10, 10), np.uint8)
    labels[4, 2:8] = SHOES
    one = with_sides(labels, body(R_ANKLE=(9, 9)))
    assert set(np.unique(one)) == {0, Label.RIGHT_SHOE}
    none = with_sides(labels, np.zeros((25, 3)))
    assert none[4].tolist() == [0, 0, 19, 19, 19, 18, 18, 18, 0, 0]


def test_other_labels_stay() -> None:
    labels = np.arange(22, dtype=np.uint8)[None]
    assert np.array_equal(with_sides(labels, np.zeros((25, 3))), labels)
