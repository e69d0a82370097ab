"""The labels of Clothing Co-Parsing: all 59 have a meaning, sides come from the nearest bone."""

from pathlib import Path

import numpy as np
import pytest

from reenactor_plugins.datasets.ccp.classes import (
    CLASSES,
    IGNORED,
    SHOES,
    SKIN,
    SUITS,
    learnt_classes,
)
from reenactor_plugins.datasets.ccp.files import (
    read_labels,
    read_names,
)
from reenactor_plugins.parser.taps.network import NUM_CLASSES

CCP = Path(__file__).parents[5] / "shared" / "data" / "ccp"
NAMES = tuple(name for names in (*CLASSES.values(), SKIN, SHOES, SUITS) for name in names)


def test_each_name_has_one_meaning() -> None:
    assert len(NAMES) == len(set(NAMES)) == 59
    assert set(CLASSES) - {IGNORED} <= set(range(NUM_CLASSES))


def test_classes_that_do_not_depend_on_the_place(standing: np.ndarray) -> None:
    truth = np.array([[NAMES.index(name) for name in ("null", "jeans", "tie", "belt", "purse")]])
    found = learnt_classes(truth.astype(np.uint8), NAMES, standing)
    assert found.tolist() == [[0, 9, 5, IGNORED, 20]]


def test_skin_and_shoes_are_the_nearest_bones(standing: np.ndarray) -> None:
    skin = np.full((256, 256), NAMES.index("skin"), np.uint8)
    found = learnt_classes(skin, NAMES, standing)
    assert found[45, 128] == 13
    assert found[115, 168] == 14
    assert found[115, 88] == 15
    assert found[190, 145] == 16
    assert found[190, 111] == 17
    shoes = np.full((256, 256), NAMES.index("boots"), np.uint8)
    found = learnt_classes(shoes, NAMES, standing)
    assert (found[:, 130:] == 18).all()
    assert (found[:, :126] == 19).all()


def test_a_suit_is_a_jacket_above_pants(standing: np.ndarray) -> None:
    suit = np.full((256, 20), NAMES.index("suit"), np.uint8)
    found = learnt_classes(suit, NAMES, standing)
    crotch = 130 + 0.25 * (175 - 130)
    assert (found[: int(crotch)] == 7).all()
    assert (found[int(crotch) + 2 :] == 9).all()


def test_the_collection_itself() -> None:
    if not (CCP / "label_list.mat").is_file():
        pytest.skip("Clothing Co-Parsing is not at ../shared/data/ccp")
    assert set(read_names(CCP)) == set(NAMES)
    labels = read_labels(next((CCP / "annotations" / "pixel-level").glob("*.mat")))
    assert labels.max() < len(NAMES)
