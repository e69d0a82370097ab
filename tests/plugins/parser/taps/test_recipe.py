"""The recipe: two steps run, it goes on exactly, and its weights are the network's."""

from pathlib import Path

import numpy as np
import pytest
import torch

from reenactor.errors import InputError
from reenactor.progress import Silent
from reenactor.runtime import Runtime
from reenactor.weights.tensors import load_tensors
from reenactor_plugins.parser.taps.examples import Example
from reenactor_plugins.parser.taps.network import ParsingNetwork
from reenactor_plugins.parser.taps.recipe import (
    Recipe,
    chosen_at,
    class_weights,
    follow,
    loss_of,
    rate_at,
    train,
)

RECIPE = Recipe(steps=2, batch=2, every=1, warm_up=1)


class Impatient(Silent):
    """Interrupts a training when it speaks for the n-th time."""

    def __init__(self, patience: int) -> None:
        self._patience = patience

    def note(self, text: str) -> None:
        self._patience -= 1
        if not self._patience:
            raise KeyboardInterrupt


@pytest.fixture
def examples(example: Example) -> list[Example]:
    return [example] * 4


def test_a_training_that_was_interrupted_ends_with_the_same_bytes(
    examples: list[Example], runtime: Runtime, tmp_path: Path
) -> None:
    whole = train(examples, RECIPE, tmp_path / "whole", runtime, Silent())

    for patience in (1, 2):  # before the first checkpoint, then before the second
        with pytest.raises(KeyboardInterrupt):
            train(examples, RECIPE, tmp_path / "parts", runtime, Impatient(patience))
    parts = train(examples, RECIPE, tmp_path / "parts", runtime, Silent())
    first, second = load_tensors(whole), load_tensors(parts)
    assert all(torch.equal(first[key], second[key]) for key in first)
    ParsingNetwork().load_state_dict(first, strict=True)


def test_too_few_photos_are_told(examples: list[Example], runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too few photos"):
        train(examples[:1], RECIPE, tmp_path, runtime, Silent())


def test_the_rate_rises_then_falls() -> None:
    recipe = Recipe(steps=1000, warm_up=100, rate=1.0)
    assert rate_at(0, recipe) == pytest.approx(0.01, rel=0.01)
    assert rate_at(99, recipe) == pytest.approx(0.98, rel=0.01)
    assert rate_at(500, recipe) == pytest.approx(0.505)
    assert rate_at(999, recipe) == pytest.approx(0.005, abs=1e-3)


def test_an_epoch_sees_each_example_once() -> None:
    recipe = Recipe(batch=3)
    epochs = [[i for step in range(4) for i in chosen_at(4 * e + step, 12, recipe)] for e in (0, 1)]
    assert [sorted(epoch) for epoch in epochs] == [list(range(12))] * 2
    assert epochs[0] != epochs[1]


def test_ignored_pixels_do_not_count() -> None:
    random = torch.Generator().manual_seed(0)
    logits, coarse = torch.randn(1, 21, 16, 16, generator=random), torch.zeros(1, 21, 2, 2)
    labels = torch.full((1, 16, 16), 255)
    labels[:, :8] = 3
    weight = torch.ones(21)
    logits[:, :, 8:] = 1e3 * torch.randn(1, 21, 8, 16, generator=random)
    fine = -logits[0, :, :8].log_softmax(0)[3].mean()
    found = loss_of(logits, coarse, labels, weight, 0.5)
    assert found == pytest.approx(float(fine) + 0.5 * np.log(21), rel=1e-4)


def test_rare_classes_count_more(examples: list[Example]) -> None:
    weights = class_weights(examples)
    assert weights[0] == 0.5
    assert weights[3] == 4
    assert 0.35 <= weights[7] < 1


def test_the_average_follows() -> None:
    average = {"a": torch.zeros(2), "count": torch.tensor(0)}
    follow(average, {"a": torch.ones(2), "count": torch.tensor(7)}, 0.75)
    assert average["a"].tolist() == [0.25, 0.25]
    assert average["count"] == 7
