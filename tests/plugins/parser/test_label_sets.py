"""What other datasets' classes are here."""

from typing import get_args

import pytest
from pydantic import ValidationError

from reenactor.labels import LABEL_NAMES, NUM_LABELS, Label
from reenactor_plugins.parser.label_sets import (
    NUMBERS,
    SETS,
    SIDES,
    LabelName,
    LabelOptions,
    mirrored_channels,
    numbers_of,
)


def test_names_are_our_classes_and_three_without_a_side() -> None:
    names = get_args(LabelName)
    assert names[:NUM_LABELS] == LABEL_NAMES
    assert set(names[NUM_LABELS:]) == {"arms", "legs", "shoes"}
    assert set(SIDES) == {NUMBERS[name] for name in names[NUM_LABELS:]}


def test_the_sets_have_the_sizes_of_their_datasets() -> None:
    assert {name: len(names) for name, names in SETS.items()} == {
        "cihp": 20,
        "lip": 20,
        "atr": 18,
        "pascal": 7,
    }
    assert numbers_of(SETS["cihp"]) == tuple(range(20))


def test_lip_has_jumpsuits_where_cihp_has_bare_trunks() -> None:
    differing = [
        channel
        for channel, pair in enumerate(zip(SETS["lip"], SETS["cihp"], strict=True))
        if pair[0] != pair[1]
    ]
    assert differing == [10]
    assert "torso-skin" not in SETS["lip"]
    assert numbers_of(SETS["lip"])[10] == Label.DRESS


def test_atrs_order_is_its_own() -> None:
    # As SCHP's list has it: Sunglasses 3, Upper-clothes 4, Skirt 5, Pants 6, Dress 7, Belt 8,
    # shoes 9 and 10, Face 11, legs 12 and 13, arms 14 and 15, Bag 16, Scarf 17.
    expected = [0, 1, 2, 4, 5, 12, 9, 6, 9, 18, 19, 13, 16, 17, 14, 15, 0, 11]
    assert list(numbers_of(SETS["atr"])) == expected


def test_mirrored_sides_change_places() -> None:
    cihp = list(range(20))
    cihp[14:20] = [15, 14, 17, 16, 19, 18]  # SCHP's own evaluation exchanges these
    assert mirrored_channels(SETS["cihp"]) == tuple(cihp)
    assert mirrored_channels(SETS["lip"]) == tuple(cihp)
    atr = list(range(18))
    atr[9:11], atr[12:16] = [10, 9], [13, 12, 15, 14]
    assert mirrored_channels(SETS["atr"]) == tuple(atr)
    assert mirrored_channels(SETS["pascal"]) == tuple(range(7))


def test_several_channels_of_a_side_pair_in_their_order() -> None:
    names = ("background", "left-arm", "left-arm", "right-arm", "right-arm")
    assert mirrored_channels(names) == (0, 3, 4, 1, 2)
    assert mirrored_channels(("background", "left-arm")) == (0, 1)


def test_a_map_of_ones_own_takes_the_place_of_a_dataset() -> None:
    assert LabelOptions(classes="atr").names == SETS["atr"]
    mine = LabelOptions.model_validate_json('{"label_map": ["background", "arms"]}', strict=True)
    assert mine.names == ("background", "arms")
    for mistake in (["background", "beard"], ["background"], []):
        with pytest.raises(ValidationError):
            LabelOptions.model_validate({"label_map": mistake})
