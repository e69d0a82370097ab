"""Components by themselves: what counts as truth, and figures that can be worked out by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from reenactor.api import Setup
from reenactor.errors import InputError
from reenactor.evaluation.parts import (
    MEAN_COLOURS,
    Tally,
    frontal,
    mean_colours,
    measure_parts,
    takes,
)
from reenactor.joints import Joint
from reenactor.labels import Label
from reenactor.training.shards import Shards
from reenactor.values import Skeleton

MakeShards = Callable[..., Path]


def standing(shoulders: float) -> Skeleton:
    """Somebody whose left shoulder is so much to the right of the right one, trunk 50 long."""
    skeleton = Skeleton.empty(1)
    skeleton.body[0, Joint.R_SHOULDER] = torch.tensor([100.0, 50.0, 1.0])
    skeleton.body[0, Joint.L_SHOULDER] = torch.tensor([100.0 + shoulders, 50.0, 1.0])
    skeleton.body[0, Joint.NECK] = torch.tensor([100.0, 50.0, 1.0])
    skeleton.body[0, Joint.MID_HIP] = torch.tensor([100.0, 100.0, 1.0])
    return skeleton


def test_frontal_by_hand() -> None:
    assert frontal(standing(40.0)) == pytest.approx(0.8)
    assert frontal(standing(-40.0)) == pytest.approx(-0.8)
    assert frontal(Skeleton.empty(1)) == -float("inf")


def test_a_take_is_one_person_and_its_target_is_not_among_the_truth(
    drawn_shards: MakeShards,
) -> None:
    shards = Shards([drawn_shards(people=3, poses=4)])
    found = list(takes(shards))
    assert [len(take) for take in found] == [3, 3, 3]
    for take in found:
        people = {example.entry.person for example in take.truth}
        assert len(people) == 1
        assert take.target.photo.name not in {example.entry.name for example in take.truth}


def test_somebody_who_is_seen_once_is_no_take(drawn_shards: MakeShards) -> None:
    shards = Shards([drawn_shards(people=2, poses=1)])
    with pytest.raises(InputError, match="two examples"):
        measure_parts(Setup(device="cpu"), ["default"], shards)


def test_mean_colours_are_those_of_the_photo_where_the_truth_has_the_class(
    drawn_shards: MakeShards,
) -> None:
    take = next(takes(Shards([drawn_shards(people=1, poses=3, canvas=(128, 80))])))
    layer = mean_colours(take)
    trousers = take.target.image[0][:, take.target.parsing.labels[0] == Label.PANTS]
    wanted = trousers.mean(1)
    for t, example in enumerate(take.truth):
        there = example.parsing.labels[0] == Label.PANTS
        torch.testing.assert_close(
            layer.image[t][:, there], wanted[:, None].expand(-1, int(there.sum()))
        )
    assert torch.equal(layer.mask, torch.cat([e.parsing.mask for e in take.truth]))


def test_the_puppet_is_measured_beside_mean_colours(drawn_shards: MakeShards) -> None:
    shards = Shards([drawn_shards(people=1, poses=4, canvas=(128, 80))])
    made = measure_parts(Setup(device="cpu"), ["default"], shards)
    body = made["body_generator"]["default"]
    assert 0.5 < body["ssbs"].value < 1
    assert body["ssbs"].count == 3
    assert set(made["frame_renderer"]) == {"default", MEAN_COLOURS}
    assert made["frame_renderer"][MEAN_COLOURS]["mask-l1"].value == 0
    assert made["face_refiner"] == {}


def test_a_tally_leaves_out_what_could_not_be_measured() -> None:
    tally = Tally()
    tally.add("identity", [0.5, float("nan")])
    tally.add("identity", [1.0])
    figure = tally.figures(seed=0)["identity"]
    assert figure.value == pytest.approx(0.75)
    assert figure.count == 2
