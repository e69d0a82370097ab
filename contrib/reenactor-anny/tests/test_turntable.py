"""The dataset `turntable`: photos and yaws are what it says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.runtime import Runtime
from reenactor.training.dataset import Shot
from reenactor_anny.dataset.turntable import Turntable, wanted
from reenactor_anny.options import TurntableOptions

OPTIONS = TurntableOptions(people=2, views=4, height=128, width=80, samples=1)


def _no_weights(weight: object) -> Path:
    raise AssertionError("this dataset needs no weights")


RUNTIME = Runtime(weight=_no_weights)


@pytest.fixture(scope="module")
def table() -> Turntable:
    return Turntable(OPTIONS, RUNTIME)


@pytest.fixture(scope="module")
def shots(table: Turntable) -> list[Shot]:
    """One person: the photo and four views."""
    return [table.shots(index)[0] for index in range(5)]


def test_each_person_has_one_photo_which_comes_first(table: Turntable, shots: list[Shot]) -> None:
    assert table.names()[:2] == ["person-000/photo", "person-000/view-000"]
    assert len(table.names()) == len(set(table.names())) == 10
    assert [shot.photo for shot in shots] == [True, False, False, False, False]
    assert {shot.source for shot in shots} == {"person-000"}


def test_views_are_spread_over_all_yaws_and_photos_are_frontal(
    table: Turntable, shots: list[Shot]
) -> None:
    yaws = [shot.yaw or 0.0 for shot in shots]
    assert abs(yaws[0]) < 35
    assert sorted(int(abs(yaw) // 45) for yaw in yaws[1:]) == [0, 1, 2, 3]
    assert min(yaws[1:]) < 0 < max(yaws[1:])


def test_yaws_are_those_of_the_picture(shots: list[Shot]) -> None:
    for shot in shots:
        assert shot.skeleton is not None
        assert shot.yaw is not None
        body = shot.skeleton.body[0]
        across = float(body[Joint.L_SHOULDER, 0] - body[Joint.R_SHOULDER, 0])
        across += float(body[Joint.L_HIP, 0] - body[Joint.R_HIP, 0])
        if abs(abs(shot.yaw) - 90) > 20:
            assert (across > 0) == (abs(shot.yaw) < 90)


def test_pictures_of_a_person_are_in_one_light(shots: list[Shot]) -> None:
    for shot in shots[1:]:
        assert shot.background is not None
        assert shots[0].background is not None
        # But for the film's grain.
        assert (shot.background.int() - shots[0].background.int()).abs().max() <= 2


def test_an_item_is_the_same_whatever_came_before(table: Turntable, shots: list[Shot]) -> None:
    table.shots(6)
    again = table.shots(3)[0]
    assert torch.equal(again.picture.pixels, shots[3].picture.pixels)
    assert again.yaw == shots[3].yaw


def test_photos_that_may_be_turned_further_are(table: Turntable) -> None:
    turned = Turntable(OPTIONS.model_copy(update={"photo_yaw": 180.0}), RUNTIME)
    turned._made = table._figures()
    assert max(abs(turned.shots(index)[0].yaw or 0) for index in (0, 5)) > 35


def test_people_of_all_ages_builds_and_outfits_come() -> None:
    cast = [wanted(number) for number in range(24)]
    outfits = {one.outfit for one in cast}
    assert outfits == {"trousers", "shorts", "skirt", "dress"}
    assert 5 <= sum(one.coat is True for one in cast) <= 8
    ages, weights = ([one.traits[name] for one in cast] for name in ("age", "weight"))
    assert np.histogram(ages, [0, 0.52, 0.8, 1])[0].min() >= 3
    assert np.histogram(weights, [0, 0.35, 0.75, 1.3])[0].min() >= 5
    # No outfit goes with one build only.
    for outfit in outfits:
        assert len({one.traits["weight"] for one in cast if one.outfit == outfit}) >= 3


def test_who_is_to_wear_a_skirt_does(table: Turntable) -> None:
    skirted = next(n for n in range(24) if wanted(n).outfit == "skirt" and not wanted(n).coat)
    figure = table._figures().figure(skirted, wanted(skirted))
    assert int(Label.SKIRT) in figure.label
    trousered = table._figures().figure(skirted, replace(wanted(skirted), outfit="trousers"))
    assert int(Label.SKIRT) not in trousered.label
