"""The training of `retouch`, the whole way, on drawn people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from reenactor.catalog import discover
from reenactor.errors import WeightsError
from reenactor.progress import Silent
from reenactor.runtime import Runtime
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.train import Trained, train
from reenactor_plugins.frame_renderer.retouch import recipe
from reenactor_plugins.frame_renderer.retouch.component import RetouchRenderer
from reenactor_plugins.frame_renderer.retouch.options import RetouchOptions
from reenactor_plugins.losses.matching import person_difference
from reenactor_plugins.networks.vgg import VGG19Features

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]
HELD = 'training.validation=["*/body-1/*"]'


def trained(data: Path, out: Path, *overrides: str) -> Trained:
    config = load_config(discover(), "retouch", "tiny", overrides, [data])
    return train(config, out, "cpu", Silent())


def component(weights: Path | None, size: str) -> RetouchRenderer:
    def none(weight: object) -> Path:
        raise AssertionError("the shipped weights were asked for")

    return RetouchRenderer(RetouchOptions(weights=weights, size=size), Runtime(weight=none))


def test_the_component_loads_the_weights_and_refuses_another_size(
    drawn_shards: MakeShards, tmp_path: Path
) -> None:
    torch.save(VGG19Features(2).state_dict(), tmp_path / "vgg.pth")
    vgg = (f"training.vgg={tmp_path / 'vgg.pth'}", "training.vgg_weights=[1, 0.5]")
    done = trained(drawn_shards(), tmp_path / "run", HELD, *vgg)
    assert (done.steps, done.examples, done.validation) == (4, 4, 4)
    assert len(list((tmp_path / "run" / "samples").iterdir())) == 2
    last = read_log(tmp_path / "run")[-1]
    names = {"l1", "psnr", "ssim", "vgg", "before_l1", "before_psnr", "before_ssim", "mask"}
    assert {f"validation/{name}" for name in names} <= set(last)
    assert component(done.weights, "tiny").network.multiple == 4
    with pytest.raises(WeightsError, match="other options") as caught:
        component(done.weights, "small")
    assert caught.value.given.startswith("size: tiny in")


def test_an_interrupted_training_ends_with_the_same_bytes(
    drawn_shards: MakeShards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = drawn_shards()
    whole = trained(data, tmp_path / "whole", HELD)
    calls = iter(range(100))

    def stops(*given: torch.Tensor) -> torch.Tensor:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return person_difference(*given)

    monkeypatch.setattr(recipe, "person_difference", stops)
    with pytest.raises(KeyboardInterrupt):
        trained(data, tmp_path / "parts", HELD)
    monkeypatch.undo()
    parts = trained(data, tmp_path / "parts", HELD)
    assert whole.weights is not None
    assert parts.weights is not None
    assert whole.weights.read_bytes() == parts.weights.read_bytes()
    assert read_log(tmp_path / "whole") == read_log(tmp_path / "parts")


def test_one_person_is_learnt_by_heart(drawn_shards: MakeShards, tmp_path: Path) -> None:
    data = drawn_shards(people=1, poses=2)
    still = ["turn=0", "scale=1", "shift=0", "colour=0", "light=0", "slide=0"]
    more = ["steps=250", "learning_rate=0.01", "validate_every=1000", "betas=[0.9, 0.999]"]
    trained(data, tmp_path / "run", *(f"training.{text}" for text in [*still, *more]))
    log = [line for line in read_log(tmp_path / "run") if "l1" in line]
    assert len(log) == 5
    assert log[-1]["l1"] < 0.7 * log[0]["l1"]
    assert all(line["vgg"] == 0 for line in log)


def test_a_step_descends_the_weighted_sum_of_what_is_logged(
    drawn_shards: MakeShards, tmp_path: Path, step_of: Callable[..., Any]
) -> None:
    torch.save(VGG19Features(1).state_dict(), tmp_path / "vgg.pth")
    weights = {"l1": 2.0, "vgg": 3.0, "mask": 5.0}
    seen = step_of(
        "retouch",
        drawn_shards(),
        [
            f"training.vgg={tmp_path / 'vgg.pth'}",
            "training.vgg_weights=[1]",
            *(f"training.lambda_{name}={weight}" for name, weight in weights.items()),
        ],
    )
    assert all(seen.logged[name] != 0 for name in weights)
    expected = sum(weight * seen.logged[name] for name, weight in weights.items())
    assert seen.losses[0] == pytest.approx(expected, rel=1e-5)


def test_outlines_are_not_learnt_from() -> None:
    person = torch.zeros(1, 1, 6, 7)
    person[..., 1:, 2:] = 1  # cut off by the picture below and on the right
    expected = torch.zeros(1, 1, 6, 7)
    expected[..., 3:, 4:] = 1
    assert torch.equal(recipe.within(person, 2), expected)
    assert torch.equal(recipe.within(person, 0), person)
