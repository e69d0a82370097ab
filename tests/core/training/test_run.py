"""A run at work, without any recipe: steps, rates, saves, the log, and being stopped."""

import json
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
pytest.importorskip("tensorboard", reason="training needs the extra `train`")

from lightning_fabric import Fabric

from reenactor.errors import InputError, TrainingError, UsageError
from reenactor.options import MAX_SEED
from reenactor.progress import Silent
from reenactor.training.run import DRY_STEPS, Run
from reenactor.training.settings import TrainingSettings
from reenactor.training.shards import Shards

MakeRun = Callable[..., Run]


class Numbers:
    """Samples that are their own number."""

    def __init__(self, length: int = 8) -> None:
        self.length = length

    def __len__(self) -> int:
        return self.length

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        return {"x": torch.tensor([float(index)])}


@pytest.fixture
def make_run(drawn_shards: Callable[..., Path], tmp_path: Path) -> MakeRun:
    data = drawn_shards(people=2, poses=4)

    def make(name: str = "run", dry: bool = False, **settings: object) -> Run:
        return Run(
            fabric=Fabric(accelerator="cpu", devices=1),
            settings=TrainingSettings.model_validate({"batch_size": 2, "steps": 4, **settings}),
            examples=Shards([data]),
            validation=Shards([]),
            path=tmp_path / name,
            config={"settings": settings},
            header={"component": "line"},
            progress=Silent(),
            dry=dry,
        )

    return make


def line(weight: float = 0.0) -> nn.Linear:
    network = nn.Linear(1, 1, bias=False)
    network.weight.data.fill_(weight)
    return network


def test_the_learning_rate_falls_in_a_line_to_the_end(make_run: MakeRun) -> None:
    """Plain descent on a loss whose slope is 1 moves the weight by the rate of the step."""
    run = make_run(learning_rate=0.5, steps=8, decay_from=0.5)
    network = line()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.5)
    places = [0.0]
    for step in range(8):
        run.optimizer_step(optimizer, network.weight.sum(), step)
        places.append(network.weight.item())
    moved = [-step for step in np.diff(places)]
    assert moved == pytest.approx([0.5, 0.5, 0.5, 0.5, 0.5, 0.375, 0.25, 0.125])


def test_an_optimizer_with_a_rate_of_its_own_falls_in_the_same_way(make_run: MakeRun) -> None:
    run = make_run(learning_rate=0.5, steps=4, decay_from=0.0)
    network = line()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    places = [0.0]
    for step in range(4):
        run.optimizer_step(optimizer, network.weight.sum(), step)
        places.append(network.weight.item())
    assert np.diff(places).tolist() == pytest.approx([-0.1, -0.075, -0.05, -0.025])


def test_adam_has_the_settings_figures_and_what_is_trained_alone(make_run: MakeRun) -> None:
    run = make_run(learning_rate=0.03, betas=(0.4, 0.9))
    network = nn.Sequential(line(), line())
    network[0].requires_grad_(False)
    [group] = run.adam(network).param_groups
    assert group["lr"] == 0.03
    assert group["betas"] == (0.4, 0.9)
    assert [p is network[1].weight for p in group["params"]] == [True]
    assert run.adam(network, rate=0.007).param_groups[0]["lr"] == 0.007


def test_gradients_of_an_earlier_step_are_forgotten(make_run: MakeRun) -> None:
    run = make_run(learning_rate=1.0)
    network = line()
    optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
    for step in range(2):
        run.optimizer_step(optimizer, network.weight.sum(), step)
    assert network.weight.item() == -2.0


def test_a_loss_that_is_no_number_changes_nothing_and_keeps_the_batch(make_run: MakeRun) -> None:
    run = make_run()
    network = line(1.0)
    optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
    steps = run.batches(Numbers(), network=network)
    step, _ = next(steps)
    with pytest.raises(TrainingError, match="step 1"):
        run.optimizer_step(optimizer, network.weight.sum() * torch.nan, step)
    steps.close()  # type: ignore[attr-defined]  # a generator
    assert network.weight.item() == 1.0
    assert (run.path / "not-a-number-0000001.safetensors").exists()


def test_a_dry_run_writes_nothing_even_if_the_loss_is_no_number(make_run: MakeRun) -> None:
    run = make_run(dry=True)
    network = line(1.0)
    optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
    steps = run.batches(Numbers(), network=network)
    step, _ = next(steps)
    with pytest.raises(TrainingError, match="step 1") as caught:
        run.optimizer_step(optimizer, network.weight.sum() * torch.nan, step)
    steps.close()  # type: ignore[attr-defined]  # a generator
    assert not run.path.exists()
    assert "checkpoint" not in str(caught.value)


def test_the_largest_seed_fits_torchs_generator(make_run: MakeRun) -> None:
    _, seen = trained(make_run(seed=MAX_SEED, steps=3, learning_rate=0.01))
    assert len(seen) == 3


def trained(run: Run, until: int | None = None) -> tuple[nn.Linear, list[list[float]]]:
    """A line drawn to the numbers that come; which these were."""
    network, seen = line(), []
    optimizer = torch.optim.SGD(network.parameters(), lr=run.settings.learning_rate)
    for step, batch in run.batches(Numbers(), network=network, optimizer=optimizer):
        seen.append(batch["x"].flatten().tolist())
        loss = (network(batch["x"]) - batch["x"]).square().mean()
        run.optimizer_step(optimizer, loss, step)
        run.log_scalars(step, loss=loss)
        if until is not None and step + 1 == until:
            os.kill(os.getpid(), signal.SIGINT)
    return network, seen


def test_ctrl_c_ends_the_step_and_the_same_run_goes_on_to_the_same_weights(
    make_run: MakeRun,
) -> None:
    settings = {"steps": 6, "learning_rate": 0.01, "checkpoint_every": 100}
    whole, seen = trained(make_run("whole", **settings))
    assert sorted(x for batch in seen[:4] for x in batch) == [*range(8)]  # an epoch sees each once
    run = make_run("cut", **settings)
    with pytest.raises(KeyboardInterrupt):
        trained(run, until=2)
    assert run.done == 2
    assert (run.path / "last.pt").exists()
    later = make_run("cut", **settings)
    network, rest = trained(later)
    assert rest == seen[2:]
    assert later.done == 6
    assert torch.equal(network.weight, whole.weight)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_dry_run_takes_three_steps_and_leaves_no_file(make_run: MakeRun) -> None:
    run = make_run(dry=True, steps=50)
    _, seen = trained(run)
    assert len(seen) == DRY_STEPS == 3
    assert run.save_weights({"weight": torch.zeros(1)}) is None
    assert not run.path.exists()


def test_without_samples_nothing_is_trained(make_run: MakeRun) -> None:
    with pytest.raises(InputError, match="nothing to train on"):
        next(make_run().batches(Numbers(0)))


def test_a_batch_that_cannot_be_shared_is_refused(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fabric, "world_size", 2)
    with pytest.raises(UsageError, match="batch evenly"):
        make_run(batch_size=3)


def test_it_is_time_to_look_every_so_often_and_at_the_end(make_run: MakeRun) -> None:
    run = make_run(steps=10, validate_every=4)
    assert [step for step in range(10) if run.should_validate(step)] == [3, 7, 9]
    assert make_run(dry=True, steps=10, validate_every=4).should_validate(0)


def test_the_log_has_the_means_of_what_was_told(make_run: MakeRun) -> None:
    run = make_run(steps=4)
    run.folder.open(run.config)
    run.folder.open_log(0)
    for step, value in enumerate((1.0, 2.0, 6.0, 7.0)):
        run.log_scalars(step, loss=value)
    lines = (run.path / "log.jsonl").read_text().splitlines()
    assert [json.loads(text)["loss"] for text in lines] == [4.0]


def test_validation_batches_are_the_same_each_time_and_bounded(make_run: MakeRun) -> None:
    run = make_run(batch_size=2, validation_limit=5)
    first, second = (
        [batch["x"].flatten().tolist() for batch in run.validation_batches(Numbers())]
        for _ in range(2)
    )
    assert first == second
    assert [len(batch) for batch in first] == [2, 2, 1]
