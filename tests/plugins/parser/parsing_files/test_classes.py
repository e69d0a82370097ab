import numpy as np
import pytest

from reenactor.labels import PALETTE, Label
from reenactor_plugins.parser.parsing_files.classes import (
    CLASSES,
    UNKNOWN,
    classes_of_colours,
    labels_of_classes,
)


def test_cihps_numbers_are_our_own() -> None:
    numbers = np.arange(22, dtype=np.uint8)[None]
    assert np.array_equal(labels_of_classes(numbers, "cihp"), numbers)


def test_lip_differs_in_the_jumpsuit_only() -> None:
    numbers = np.arange(20, dtype=np.uint8)[None]
    labels = labels_of_classes(numbers, "lip")[0]
    assert labels[10] == Label.DRESS
    assert np.array_equal(np.delete(labels, 10), np.delete(numbers[0], 10))


def test_atr_has_its_own_order() -> None:
    assert len(CLASSES["atr"]) == 18
    numbers = np.array([[4, 9, 12, 14, 16, 17]], np.uint8)
    assert labels_of_classes(numbers, "atr")[0].tolist() == [
        Label.UPPER_CLOTHES,
        Label.LEFT_SHOE,
        Label.LEFT_LEG,
        Label.LEFT_ARM,
        Label.BACKGROUND,
        Label.SCARF,
    ]


@pytest.mark.parametrize(("classes", "number"), [("cihp", 22), ("lip", 255), ("atr", 18)])
def test_other_numbers_are_unknown(classes: str, number: int) -> None:
    found = labels_of_classes(np.full((1, 1), number, np.uint8), classes)  # type: ignore[arg-type]  # parametrized as str
    assert found.item() == UNKNOWN


def test_the_palettes_colours_are_classes_even_if_rounded() -> None:
    colours = np.array(PALETTE, np.uint8)[None]
    assert classes_of_colours(colours)[0].tolist() == list(range(22))
    rounded = np.minimum(colours, 254)
    assert classes_of_colours(rounded)[0].tolist() == list(range(22))
    assert classes_of_colours(np.full((2, 3, 3), 60, np.uint8)).tolist() == [[UNKNOWN] * 3] * 2
