from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reenactor.errors import InputError
from reenactor.labels import LABEL_NAMES
from reenactor.runtime import Runtime
from reenactor_plugins.datasets.gaps import GAP
from reenactor_plugins.datasets.mhp.classes import CLASSES, labels_of
from reenactor_plugins.datasets.mhp.dataset import Mhp
from reenactor_plugins.datasets.mhp.options import MhpOptions

Draw = Callable[[Path, np.ndarray], None]

EXPECTED = {
    "hat": (1, 2, 39), "face": (3,), "hair": (4,), "left-arm": (5,), "right-arm": (6,),
    "left-hand": (7,), "right-hand": (8,), "upper-clothes": (10, 12, 13, 14, 15, 55, 57),
    "coat": (11, 34), "torso-skin": (16,), "pants": (17, 18, 58), "skirt": (19,),
    "socks": (20, 21), "left-shoe": (22, 24, 26, 28), "right-shoe": (23, 25, 27, 29),
    "left-leg": (30, 32), "right-leg": (31, 33), "dress": (35, 36, 37, 38),
    "background": (0, 40, 41, 42, 44, 45, 46, 51, 52), "sunglasses": (47, 48), "gloves": (49,),
    "scarf": (50,),
}  # fmt: skip
"""By the numbers of the dataset's README, written down apart from the code."""


def test_all_58_classes_have_a_meaning() -> None:
    assert len(CLASSES) == 59
    assert len({name for name, _ in CLASSES}) == 59
    named = {number for numbers in EXPECTED.values() for number in numbers}
    gaps = {number for number, (_, label) in enumerate(CLASSES) if label == GAP}
    assert gaps == {9, 43, 53, 54, 56}
    assert named | gaps == set(range(59))
    for label, numbers in EXPECTED.items():
        for number in numbers:
            assert LABEL_NAMES[CLASSES[number][1]] == label, CLASSES[number]


def test_sides_are_the_persons_own() -> None:
    for name, label in CLASSES:
        if name.startswith(("left-", "right-")):
            assert LABEL_NAMES[label].startswith(name.split("-")[0])


def test_what_is_worn_on_something_becomes_that() -> None:
    classes = np.full((10, 4), 17, np.uint8)
    classes[:4], classes[4:5] = 12, 43  # a belt between t-shirt and pants
    assert set(np.unique(labels_of(classes))) == {5, 9}
    assert set(labels_of(classes)[4].tolist()) <= {5, 9}


@pytest.fixture
def folder(tmp_path: Path, draw: Draw) -> Path:
    root = tmp_path / "train"
    for name in ("10", "9"):
        draw(root / "images" / f"{name}.jpg", np.zeros((60, 80, 3), np.uint8))
    first = np.zeros((60, 80, 3), np.uint8)
    first[5:50, 10:20, 0], first[50:55, 10:20, 0] = 12, 7
    first[..., 1] = 200  # the other channels mean nothing
    small = np.zeros_like(first)
    small[5:9, 40:50, 0] = 4
    draw(root / "parsing_annos" / "10_02_01.png", first)
    draw(root / "parsing_annos" / "10_02_02.png", small)
    draw(root / "parsing_annos" / "9_01_01.png", small)
    return tmp_path


def test_a_shot_for_each_person(folder: Path, runtime: Runtime) -> None:
    mhp = Mhp(MhpOptions(folder=folder, smallest=10), runtime)
    assert list(mhp.names()) == ["9", "10"]
    (shot,) = mhp.shots(1)
    assert (shot.person, shot.source) == ("10/1", "10")
    assert shot.box is not None
    assert shot.box.tolist() == [[10, 5, 19, 54]]
    assert shot.parsing is not None
    assert set(shot.parsing.labels.flatten().tolist()) == {0, 5, 20}  # a hand of its own
    with pytest.raises(InputError, match="no person is at least 10 pixels tall"):
        mhp.shots(0)


def test_a_folder_that_is_none(tmp_path: Path, runtime: Runtime) -> None:
    with pytest.raises(InputError, match=r"the folder .* does not exist"):
        Mhp(MhpOptions(folder=tmp_path), runtime)
