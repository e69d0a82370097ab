"""What all recipes stand on: batches, averages, settings, configs, saves."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from reenactor.catalog import discover
from reenactor.errors import InputError, PluginError, TrainingError, UsageError
from reenactor.progress import Silent
from reenactor.runtime import usable_cores
from reenactor.spec import SpecMistakesError, load_spec
from reenactor.training.batches import ProcessSlice, StepBatches, in_order, loader
from reenactor.training.config import load_config
from reenactor.training.folder import read_log
from reenactor.training.settings import TrainingSettings
from reenactor.training.train import train

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

MakeShards = Callable[..., Path]


class Numbers:
    """Samples that say who they are and what they drew."""

    def __len__(self) -> int:
        return 6

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        return {"index": torch.tensor(index), "drawn": torch.tensor(random.random())}


def test_an_epoch_sees_each_example_once_in_an_order_of_its_own() -> None:
    steps = StepBatches(Numbers(), batch=2, seed=1)
    epochs = [
        [int(i) for step in range(3 * e, 3 * e + 3) for i in steps[step]["index"]] for e in range(4)
    ]
    assert [sorted(epoch) for epoch in epochs] == [list(range(6))] * 4
    assert len({tuple(epoch) for epoch in epochs}) > 1


def test_processes_see_together_what_one_sees() -> None:
    alone = StepBatches(Numbers(), batch=4, seed=5)
    both = [StepBatches(Numbers(), 4, 5, ProcessSlice(rank, 2)) for rank in range(2)]
    for step in range(5):
        for key in ("index", "drawn"):
            joined = torch.cat([part[step][key] for part in both])
            assert torch.equal(alone[step][key], joined)


def test_validation_batches_are_the_same_each_time() -> None:
    first, second = (list(in_order(Numbers(), 4, 5, seed=0)) for _ in range(2))
    assert [len(batch["index"]) for batch in first] == [4, 1]
    assert all(torch.equal(a["drawn"], b["drawn"]) for a, b in zip(first, second, strict=True))


def test_steps_and_rates_by_hand() -> None:
    assert TrainingSettings(epochs=3, batch_size=4).steps_of(10) == 8  # 30 examples in batches of 4
    assert TrainingSettings(steps=5).steps_of(10) == 5
    settings = TrainingSettings(learning_rate=1.0, decay_from=0.5)
    assert [settings.learning_rate_at(step, 8) for step in (0, 4, 5, 7)] == [1.0, 1.0, 0.75, 0.25]


def tiny(data: Path, *overrides: str, config: str = "tiny") -> object:
    return load_config(discover(), "p2b", config, overrides, [data])


def test_a_config_s_mistakes_are_all_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("network: {size: huge}\ntraining: {bach_size: 8}\nnetwrok: {}\n")
    with pytest.raises(SpecMistakesError) as caught:
        load_config(discover(), "p2b", str(file))
    text = str(caught.value)
    assert "3 mistakes" in text
    assert "mine.yaml:1" in text
    assert "'huge'" in text
    assert "bach_size" in text
    assert "batch_size" in text
    assert "netwrok" in text


def test_sections_of_another_kind_are_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("network: 5\ntraining: [batch]\ndata: {a: b}\n")
    with pytest.raises(SpecMistakesError) as caught:
        load_config(discover(), "p2b", str(file))
    text = str(caught.value)
    assert all(said in text for said in ("3 mistakes", "mine.yaml:1", "mine.yaml:2", "list of"))


def test_only_what_has_a_recipe_is_trained() -> None:
    with pytest.raises(PluginError, match="p2b"):
        load_config(discover(), "p2c")


def test_the_network_may_come_from_a_spec(tmp_path: Path) -> None:
    spec = tmp_path / "mine.yaml"
    spec.write_text(
        "version: 1\nparser: guided\npose_estimator: blazepose\n"
        "body_generator:\n"
        "  {use: p2b, size: tiny, dense: none, hands: false, weights: x.safetensors}\n"
        "frame_renderer: puppet\n"
    )
    config = load_config(discover(), "p2b", "paper", spec=load_spec(spec))
    network = config.resolved()["network"]
    assert (network["size"], network["dense"], network["hands"]) == ("tiny", "none", False)
    assert "weights" not in network
    assert config.training.batch_size == 128


def test_the_paper_s_figures_are_the_paper_config_s() -> None:
    paper = load_config(discover(), "p2b", "paper").resolved()["training"]
    wanted = {"epochs": 280.0, "batch_size": 128, "learning_rate": 2e-4, "betas": [0.5, 0.999]}
    assert {key: paper[key] for key in wanted} == wanted
    assert (paper["lambda_d"], paper["lambda_ce"], paper["reach"]) == (40.0, 1.0, 250)


def test_a_loss_that_is_no_number_stops_and_leaves_the_batch(
    drawn_shards: MakeShards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TrainingSettings, "learning_rate_at", lambda *_: 1e30)
    config = tiny(drawn_shards(), "training.steps=40")
    with pytest.raises(TrainingError) as caught:
        train(config, tmp_path / "run", "cpu", Silent())  # type: ignore[arg-type]
    assert caught.value.exit_code == 8
    [saved] = (tmp_path / "run").glob("not-a-number-*.safetensors")
    assert load_file(saved)["truth"].shape == (2, 64, 40)


def test_a_numbered_processor_is_the_processor(drawn_shards: MakeShards, tmp_path: Path) -> None:
    train(tiny(drawn_shards()), tmp_path / "run", "cpu:0", Silent(), dry=True)  # type: ignore[arg-type]


def test_a_dry_run_writes_nothing(drawn_shards: MakeShards, tmp_path: Path) -> None:
    done = train(tiny(drawn_shards()), tmp_path / "run", "cpu", Silent(), dry=True)  # type: ignore[arg-type]
    assert done.steps == 3
    assert done.weights is None
    assert not (tmp_path / "run").exists()


def test_another_config_does_not_go_on(drawn_shards: MakeShards, tmp_path: Path) -> None:
    data = drawn_shards()
    train(tiny(data), tmp_path / "run", "cpu", Silent())  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"training\.learning_rate: 0.0002 before, 0.001 now"):
        train(tiny(data, "training.learning_rate=0.001"), tmp_path / "run", "cpu", Silent())  # type: ignore[arg-type]


def test_nothing_to_train_on(drawn_shards: MakeShards, tmp_path: Path) -> None:
    config = tiny(drawn_shards(), 'training.validation=["*"]')
    with pytest.raises(InputError, match="nothing to train on"):
        train(config, tmp_path / "run", "cpu", Silent())  # type: ignore[arg-type]


def test_two_processes_train_as_one(drawn_shards: MakeShards, tmp_path: Path) -> None:
    """The same batches, batch norms over both and averaged gradients: the same weights, but for
    the order in which floats are added."""
    data = drawn_shards()
    words = ["-m", "reenactor", "train", "p2b", "--config", "tiny", "--data", str(data)]
    words += ["--device", "cpu", "--set", "training.steps=3"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, *words, "--out", str(tmp_path / "one")], check=True, env=environment
    )
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    subprocess.run(
        [*launcher, "--nproc-per-node", "2", *words, "--out", str(tmp_path / "two")],
        check=True,
        env=environment,
    )
    one, two = (load_file(tmp_path / name / "weights.safetensors") for name in ("one", "two"))
    moved = 3 * 2e-4  # Adam moves a weight by at most about its rate in a step
    for key, value in one.items():
        apart = (value.double() - two[key].double()).abs()
        if key.endswith(("running_mean", "running_var", "num_batches_tracked")):
            assert float(apart.max()) < 0.02 * float(value.double().abs().max() + 1)
        elif value.ndim == 4:  # the gradient of a bias before a norm is nothing but rounding
            assert float(apart.mean()) < 0.1 * moved, key
    [first], [second] = read_log(tmp_path / "one"), read_log(tmp_path / "two")
    assert first.keys() == second.keys()
    for name, wanted in first.items():
        assert second[name] == pytest.approx(wanted, rel=0.01), name


def test_there_are_no_more_processes_than_cores() -> None:
    steps = StepBatches(Numbers(), batch=2, seed=1)
    assert loader(steps, 0, 3, workers=4000, pin=False).num_workers == usable_cores()
    assert loader(steps, 0, 3, workers=0, pin=False).num_workers == 0
