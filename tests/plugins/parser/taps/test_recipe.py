"""The training of `taps`, the whole way, on drawn people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from reenactor.catalog import discover
from reenactor.errors import WeightsError
from reenactor.progress import Silent
from reenactor.runtime import Runtime
from reenactor.testing.cartoon import Drawn
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.shards import Shards
from reenactor.training.train import Trained, train
from reenactor.values import Frames
from reenactor_plugins.parser.taps import recipe
from reenactor_plugins.parser.taps.component import TapsParser
from reenactor_plugins.parser.taps.options import TapsOptions
from reenactor_plugins.parser.taps.samples import pose_features_of

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]
HELD = 'training.validation=["*/body-1/*"]'
CANVAS = (128, 80)


def trained(data: Path, out: Path, *overrides: str) -> Trained:
    config = load_config(discover(), "taps", "tiny", overrides, [data])
    return train(config, out, "cpu", Silent())


def test_what_is_trained_is_what_the_parser_loads(
    drawn_shards: MakeShards, tmp_path: Path, runtime: Runtime, drawn: Drawn
) -> None:
    out = tmp_path / "run"
    done = trained(drawn_shards(poses=2, canvas=CANVAS), out, HELD)
    assert (done.steps, done.examples, done.validation) == (4, 2, 2)
    figures = [line for line in read_log(out) if "validation/miou" in line]
    assert len(figures) == 2
    assert all(0 <= line["validation/miou_person"] <= 1 for line in figures)
    assert len(list((out / "samples").iterdir())) == 2
    ours = TapsParser(TapsOptions(weights=done.weights, views="one"), runtime)
    shipped = TapsParser(TapsOptions(views="one"), runtime)
    frames, skeleton = drawn.frames[:1], drawn.skeleton[:1]
    found, before = (parser.parse(frames, skeleton).labels for parser in (ours, shipped))
    assert not torch.equal(found, before)


def test_the_shipped_weights_are_asked_for_by_name_alone(tmp_path: Path) -> None:
    names = frozenset({"mediapipe-pose-full-taps", "parser-taps"})
    assert TapsOptions().required_weights(names) == names
    pose = frozenset({"mediapipe-pose-full-taps"})
    assert TapsOptions(weights=tmp_path / "own.safetensors").required_weights(names) == pose
    assert TapsOptions(weights="random").required_weights(names) == pose


def test_weights_of_another_network_are_refused(runtime: Runtime, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no weights"):
        TapsParser(TapsOptions(weights=None), runtime)
    torch.save({"a": torch.zeros(2)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match="do not fit the network"):
        TapsParser(TapsOptions(weights=tmp_path / "other.pth"), runtime)


def test_an_interrupted_training_ends_with_the_same_bytes(
    drawn_shards: MakeShards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = drawn_shards(people=1, poses=2, canvas=CANVAS)
    whole = trained(data, tmp_path / "whole")
    calls = iter(range(100))

    def stops(batch: Any) -> Any:
        if next(calls) == 3:
            raise KeyboardInterrupt
        return pose_features_of(batch)

    monkeypatch.setattr(recipe, "pose_features_of", stops)
    with pytest.raises(KeyboardInterrupt):
        trained(data, tmp_path / "parts")
    monkeypatch.undo()
    parts = trained(data, tmp_path / "parts")
    assert whole.weights is not None
    assert parts.weights is not None
    assert whole.weights.read_bytes() == parts.weights.read_bytes()
    assert read_log(tmp_path / "whole") == read_log(tmp_path / "parts")


def test_a_step_descends_the_weighted_sum_of_what_is_logged(
    drawn_shards: MakeShards, step_of: Callable[..., Any]
) -> None:
    seen = step_of(
        "taps",
        drawn_shards(people=1, poses=2, canvas=CANVAS),
        ["training.lambda_ce=2", "training.lambda_auxiliary=3"],
    )
    expected = 2 * seen.logged["entropy"] + 3 * seen.logged["auxiliary"]
    assert seen.logged["entropy"] != seen.logged["auxiliary"]
    assert seen.losses[0] == pytest.approx(expected, rel=1e-5)


def test_one_person_is_learnt_by_heart(
    drawn_shards: MakeShards, tmp_path: Path, runtime: Runtime
) -> None:
    data = drawn_shards(people=1, poses=1, canvas=CANVAS)
    still = [
        "turn=0",
        "scale=1",
        "shift=0",
        "jitter=0",
        "learning_rate=0.005",
        "steps=30",
        "validate_every=1000",
    ]
    done = trained(data, tmp_path / "run", *(f"training.{text}" for text in still))
    options = TapsOptions(weights=done.weights, views="one")
    example = Shards([data])[0]
    parser = TapsParser(options, runtime)
    labels = parser.parse(Frames(example.image, (0,), "x"), example.skeleton).labels
    truth = example.parsing.labels
    agree = {label: float((labels == label)[truth == label].float().mean()) for label in (0, 5, 9)}
    assert min(agree.values()) > 0.5, agree  # background, shirt, trousers
