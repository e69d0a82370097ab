"""Networks are tested on one thread: small ones gain nothing from more, and lose on busy cores."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from reenactor.catalog import discover
from reenactor.progress import Silent
from reenactor.training.config import load_config
from reenactor.training.train import train
from reenactor_plugins.networks.mediapipe.landmark import Landmark
from reenactor_plugins.parser.taps.limbs import SWAPPED

L = Landmark


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def standing() -> np.ndarray:
    """BlazePose's landmarks of somebody upright in a square of 256, their left at the right."""
    points = np.full((33, 2), 127.5)
    for left, x, y in (
        (L.L_EAR, 136, 40), (L.L_SHOULDER, 150, 70), (L.L_ELBOW, 165, 100), (L.L_WRIST, 170, 130),
        (L.L_INDEX, 171, 138), (L.L_HIP, 142, 130), (L.L_KNEE, 144, 175), (L.L_ANKLE, 145, 215),
        (L.L_HEEL, 143, 222), (L.L_TOE, 152, 225),
    ):  # fmt: skip
        points[left] = x, y
        points[SWAPPED[left]] = 255 - x, y
    points[L.NOSE, 1] = 45
    return points


@dataclass(frozen=True)
class Call:
    """One run of a network: its inputs and its output."""

    inputs: tuple[Any, ...]
    output: Any


@dataclass
class FirstStep:
    """What a recipe did in its first step.

    `calls` has a list for each network, in the order in which the recipe made them ready. `losses`
    are those that optimizers were given, `logged` the figures of the log.
    """

    batch: dict[str, Tensor] = field(default_factory=dict)
    calls: list[list[Call]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    logged: dict[str, float] = field(default_factory=dict)


Sum = Callable[[FirstStep], Tensor]
StepOf = Callable[..., FirstStep]


@pytest.fixture
def step_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StepOf:
    """Trains one step with the config `tiny`. Of each sum that is given, the first optimizer's
    first, the loss must have the value and the gradients."""
    pytest.importorskip("lightning_fabric", reason="training needs the extra `train`")
    pytest.importorskip("tensorboard", reason="training needs the extra `train`")
    from reenactor.training.run import Run

    def trained(name: str, data: Path, overrides: list[str], *sums: Sum) -> FirstStep:
        seen = FirstStep()
        network, batches, optimizer_step, log_scalars = (
            Run.network,
            Run.batches,
            Run.optimizer_step,
            Run.log_scalars,
        )

        def watched(run: Run, module: nn.Module) -> nn.Module:
            calls: list[Call] = []
            seen.calls.append(calls)
            made = network(run, module)
            made.register_forward_hook(lambda _, given, out: calls.append(Call(given, out)))
            return made

        def first(*args: Any, **kept: Any) -> Iterator[tuple[int, dict[str, Tensor]]]:
            for step, batch in batches(*args, **kept):
                seen.batch = batch
                yield step, batch

        def compared(run: Run, optimizer: Any, loss: Tensor, step: int) -> None:
            parameters = [p for group in optimizer.param_groups for p in group["params"]]
            wanted: list[Tensor | None] = []
            if len(seen.losses) < len(sums):
                expected = sums[len(seen.losses)](seen)
                torch.testing.assert_close(loss.detach().float(), expected.detach().float())
                wanted = list(
                    torch.autograd.grad(expected, parameters, retain_graph=True, allow_unused=True)
                )
                assert float(_flat(wanted, parameters).norm()) > 0
            seen.losses.append(float(loss.detach()))
            optimizer_step(run, optimizer, loss, step)
            if wanted:
                expected_gradients = _flat(wanted, parameters)
                difference = _flat([p.grad for p in parameters], parameters) - expected_gradients
                assert float(difference.norm()) < 1e-3 * float(expected_gradients.norm())

        def logged(run: Run, step: int, **figures: Any) -> None:
            seen.logged = {
                key: float(torch.as_tensor(value).detach()) for key, value in figures.items()
            }
            log_scalars(run, step, **figures)

        for method in (("network", watched), ("batches", first), ("optimizer_step", compared)):
            monkeypatch.setattr(Run, *method)
        monkeypatch.setattr(Run, "log_scalars", logged)
        config = load_config(discover(), name, "tiny", [*overrides, "training.steps=1"], [data])
        train(config, tmp_path / "step", "cpu", Silent())
        monkeypatch.undo()
        assert len(seen.losses) >= len(sums)
        return seen

    return trained


def _flat(gradients: Sequence[Tensor | None], parameters: Sequence[Tensor]) -> Tensor:
    """Gradients as one vector; where there is none, zeros."""
    pairs = zip(gradients, parameters, strict=True)
    return torch.cat([(torch.zeros_like(p) if g is None else g).flatten() for g, p in pairs])
