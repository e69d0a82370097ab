"""Components by themselves: what counts as truth, and figures that can be worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from reenactor.api import Setup
from reenactor.errors import InputError, SpecError
from reenactor.evaluation.parts import (
    DRIVERS_BODY,
    MEAN_COLOURS,
    TOGETHER,
    mean_colours,
    measure_parts,
    shown,
)
from reenactor.evaluation.takes import driven, takes
from reenactor.evaluation.together import TRUE_PICTURE
from reenactor.labels import Label
from reenactor.metrics.body_shape import body_shape
from reenactor.metrics.perceptual import load_perceptual
from reenactor.progress import Silent
from reenactor.training import Example
from reenactor.training.shards import Shards
from reenactor.values import Layer, Parsing

MakeShards = Callable[..., Path]


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


def test_a_layer_is_compared_over_the_background_where_there_is_one(
    drawn_shards: MakeShards,
) -> None:
    take = next(takes(Shards([drawn_shards(people=1, poses=3, canvas=(128, 80))])))
    layer = Layer(torch.full((2, 3, 128, 80), 0.8), torch.full((2, 1, 128, 80), 0.25))
    grey = torch.full((1, 128, 80, 3), 51, dtype=torch.uint8)  # 0.2
    over = replace(take, truth=tuple(replace(e, background=grey) for e in take.truth))
    torch.testing.assert_close(shown(over, layer), torch.full((2, 3, 128, 80), 0.35))
    bare = replace(take, truth=tuple(replace(e, background=None) for e in take.truth))
    assert torch.equal(shown(bare, layer), layer.image)


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
    body = made["body_generator"]["default"].figures
    assert 0.5 < body["ssbs"].value < 1
    assert body["ssbs"].count == 3
    assert set(made["frame_renderer"]) == {"default", MEAN_COLOURS}
    assert made["frame_renderer"][MEAN_COLOURS].figures["mask-l1"].value == 0
    assert made["face_refiner"] == {}


class Edited(Shards):
    """Examples that are changed when they are read."""

    def __init__(self, folder: Path, change: Callable[[Example], Example]) -> None:
        super().__init__([folder])
        self._change = change

    def __getitem__(self, index: Any) -> Any:
        return self._change(super().__getitem__(index))


def test_a_marked_photo_is_the_target_whoever_is_more_frontal(drawn_shards: MakeShards) -> None:
    folder = drawn_shards(people=1, poses=4)
    usual = next(takes(Shards([folder]))).target.photo.name
    other = next(e.name for e in Shards([folder]).entries if e.name != usual)

    def marked(example: Example) -> Example:
        return replace(example, entry=replace(example.entry, photo=example.entry.name == other))

    assert next(takes(Edited(folder, marked))).target.photo.name == other


def test_a_whole_spec_is_measured_beside_the_true_picture_and_by_yaw(
    drawn_shards: MakeShards,
) -> None:
    grey = torch.full((1, 256, 160, 3), 128, dtype=torch.uint8)

    def known(example: Example) -> Example:
        entry = replace(example.entry, yaw=-70.0 if example.entry.frame % 2 else 10.0)
        return replace(example, entry=entry, background=grey)

    folder = drawn_shards(people=1, poses=4, canvas=(256, 160))
    made = measure_parts(Setup(device="cpu"), ["default"], Edited(folder, known))[TOGETHER]
    assert set(made) == {"default", TRUE_PICTURE}
    best, own = made[TRUE_PICTURE].figures, made["default"].figures
    assert best["ssim"].value == pytest.approx(1)
    assert best["psnr-person"].value == 100
    assert own["psnr-person"].value < 100
    assert own.keys() == best.keys() >= {"ssbs", "ssis", "pck", "body-shape-true"}
    counts = {g: f["ssim"].count for g, f in made["default"].by_yaw.items()}
    assert sum(counts.values()) == 3
    assert set(counts) == {"0-30", "60-120"}


def test_without_backgrounds_only_components_are_measured(drawn_shards: MakeShards) -> None:
    shards = Shards([drawn_shards(people=1, poses=3, canvas=(128, 80))])
    assert measure_parts(Setup(device="cpu"), ["default"], shards)[TOGETHER] == {}


def test_a_given_network_measures_the_renderers_pictures(
    drawn_shards: MakeShards, squeezenet: Path
) -> None:
    shards = Shards([drawn_shards(people=1, poses=4, canvas=(128, 80))])
    network = load_perceptual(squeezenet)
    made = measure_parts(Setup(device="cpu"), ["default"], shards, features=network)
    figures = {
        name: one.figures["perceptual-person"] for name, one in made["frame_renderer"].items()
    }
    assert {figure.count for figure in figures.values()} == {3}
    # The drawn people are flat colours but for their shading: these are nearer than the puppet.
    assert 0 < figures[MEAN_COLOURS].value < figures["default"].value


def test_another_person_drives(drawn_shards: MakeShards) -> None:
    three, alone = drawn_shards("three", people=3), drawn_shards("alone", people=1)
    pairs = driven(list(takes(Shards([three]))))
    drivers = {take.person: driver.person for take, driver in pairs if driver}
    assert drivers == {"three-0": "three-1", "three-1": "three-2", "three-2": "three-0"}
    assert [driver for _, driver in driven(list(takes(Shards([alone]))))] == [None]


def test_widths_of_the_drivers_body_are_told_from_the_targets(drawn_shards: MakeShards) -> None:
    """Everybody here is one figure, so nobody differs; grown by 2 pixels all around, a driver is
    4 pixels broader everywhere, which is a known share of his height."""
    folder = drawn_shards(people=2, poses=4, canvas=(256, 160))
    shards = Shards([folder])
    same = measure_parts(Setup(device="cpu"), ["default"], shards)["body_generator"]
    assert same[DRIVERS_BODY].figures["body-width-cross"].value < 0.005
    assert same["default"].figures["body-width-cross"].value < 0.02

    def grown(example: Example) -> Example:
        if example.entry.person.endswith("-0"):
            return example
        person = (example.parsing.labels[0] > 0).numpy().astype(np.uint8)
        bigger = cv2.dilate(person, np.ones((5, 5), np.uint8))
        return replace(example, parsing=Parsing(torch.from_numpy(bigger)[None]))

    take = next(takes(shards))
    height = body_shape(take.target.parsing.labels, take.target.skeleton.body).height
    other = measure_parts(Setup(device="cpu"), ["default"], Edited(folder, grown))["body_generator"]
    difference = other[DRIVERS_BODY].figures["body-width-cross"].value
    assert difference == pytest.approx(4 / height, rel=0.3)


def test_every_spec_is_looked_at_before_the_first_is_measured(drawn_shards: MakeShards) -> None:
    heard: list[str] = []

    class Listens(Silent):
        def stage(self, name: str, *rest: Any, **named: Any) -> Any:
            heard.append(name)
            return super().stage(name, *rest, **named)

    with pytest.raises(SpecError, match="no such spec"):
        measure_parts(Setup(), ["puppet", "nope"], Shards([drawn_shards()]), None, Listens())
    assert heard == []
