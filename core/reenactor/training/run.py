"""One training at work: what every recipe's loop stands on.

A recipe's loop is its own and in sight; this keeps the step count, the batches, what is saved,
the log, and the other processes. Networks run on Lightning Fabric's device and precision. The
gradients of several processes are averaged after the backward pass and not by Fabric's
`DistributedDataParallel`, which takes only networks whose one way in is `forward`, whose outputs
are tensors, and whose every weight has a gradient in every step.
"""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float, UInt8
from lightning_fabric import Fabric
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.utils import vector_to_parameters

from reenactor.errors import InputError, TrainingError, UsageError
from reenactor.media.files import replacing
from reenactor.progress import Progress
from reenactor.training.batches import (
    Batch,
    ProcessSlice,
    Samples,
    StepBatches,
    in_order,
    loader,
)
from reenactor.training.ema import EMA
from reenactor.training.folder import RunFolder
from reenactor.training.settings import TrainingSettings
from reenactor.training.shards import Shards
from reenactor.training.sync_batch_norm import synchronized

N = TypeVar("N", bound=nn.Module)

LOG_EVERY = 50
"""Steps whose means make a line of the log."""
DRY_STEPS = 3


@runtime_checkable
class Stateful(Protocol):
    """Something that goes on: a network, an optimizer, an average."""

    def state_dict(self) -> Any: ...

    def load_state_dict(self, state: Any) -> Any: ...


@dataclass
class Run:
    """What a recipe is given beside its settings and the network's options.

    `examples` are trained on, `validation` are not. With `dry`, a few steps are taken and nothing
    is written.
    """

    fabric: Fabric
    settings: TrainingSettings
    examples: Shards
    validation: Shards
    path: Path
    config: Mapping[str, Any]
    """The resolved config."""
    header: Mapping[str, Any]
    """What the weights' file says of itself."""
    progress: Progress
    dry: bool = False
    done: int = 0
    _state: dict[str, Stateful] = field(default_factory=dict)
    _batch: Batch = field(default_factory=dict)
    _scalars: dict[str, list[float]] = field(default_factory=dict)
    _wants_to_stop: bool = False

    def __post_init__(self) -> None:
        if self.settings.batch_size % self.fabric.world_size:
            raise UsageError(
                "the processes share each batch evenly",
                given=f"batch_size {self.settings.batch_size}, {self.fabric.world_size} processes",
                expected="a multiple of the number of processes",
            )
        self.folder = RunFolder(self.path)
        torch.manual_seed(self.settings.seed)

    @property
    def is_first(self) -> bool:
        """Whether this process writes."""
        return bool(self.fabric.is_global_zero) and not self.dry

    @property
    def device(self) -> torch.device:
        """Where networks are."""
        return self.fabric.device

    def network(self, module: N) -> N:
        """A network on the device, channels last, its batch norms over all processes."""
        module = module.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        if self.fabric.world_size == 1:
            return module
        return synchronized(module, self.device)  # type: ignore[return-value]  # what it is given

    def adam(self, network: nn.Module, rate: float | None = None) -> torch.optim.Adam:
        """Adam over what is trained of a network, with the settings' figures."""
        trained = [p for p in network.parameters() if p.requires_grad]
        betas = self.settings.betas
        return torch.optim.Adam(trained, rate or self.settings.learning_rate, betas=betas)

    def ema(self, network: N) -> EMA[N]:
        """The network's moving average."""
        return EMA(network, self.settings.ema_decay)

    def autocast(self) -> AbstractContextManager[Any]:
        """The settings' precision."""
        return self.fabric.autocast()

    def optimizer_step(
        self, optimizer: torch.optim.Optimizer, loss: Float[Tensor, ""], step: int
    ) -> None:
        """One step of an optimizer, with the gradients of all processes.

        Raises:
            TrainingError: the loss is NaN or infinite; the batch is saved, except in a dry run.
        """
        if not bool(torch.isfinite(loss)):
            raise self._non_finite(step)
        optimizer.zero_grad(set_to_none=True)
        self.fabric.backward(loss)
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        self._average_gradients(parameters)
        scale = self.settings.learning_rate_at(step, self.steps) / self.settings.learning_rate
        for group in optimizer.param_groups:
            group.setdefault("full_rate", group["lr"])
            group["lr"] = group["full_rate"] * scale
        optimizer.step()

    @property
    def steps(self) -> int:
        """How many there are in all."""
        return self.settings.steps_of(len(self.examples))

    def batches(self, samples: Samples, **state: Stateful) -> Iterator[tuple[int, Batch]]:
        """Every step that is left with its batch, on the device.

        Between them the training is saved. Ctrl-C ends the step at work, saves, and stops.

        Args:
            samples: what the batches are made of.
            state: all that must go on when the training does: networks, optimizers, averages.

        Raises:
            InputError: there are no examples.
        """
        if len(samples) == 0:
            raise InputError("there is nothing to train on", given="no examples that fit")
        self._state = state
        first = 0 if self.dry else self._resume()
        last = min(self.steps, DRY_STEPS) if self.dry else self.steps
        share = ProcessSlice(self.fabric.global_rank, self.fabric.world_size)
        steps = StepBatches(samples, self.settings.batch_size, self.settings.seed, share)
        pin = self.device.type == "cuda"
        with self._stage(last, first) as advance, self._stoppable():
            for step, batch in zip(
                range(first, last),
                loader(steps, first, last, self.settings.workers, pin),
                strict=True,
            ):
                torch.manual_seed(self.settings.seed * 1_000_003 + step)
                self._batch = {key: self._to_device(value) for key, value in batch.items()}
                yield step, self._batch
                self.done = step + 1
                advance(1)
                self._save_if_due(last)
                if self._wants_to_stop:
                    raise KeyboardInterrupt

    def validation_batches(self, samples: Samples) -> Iterator[Batch]:
        """Validation examples in batches, on the device; the same each time."""
        limit = self.settings.batch_size if self.dry else self.settings.validation_limit
        for batch in in_order(samples, self.settings.batch_size, limit, self.settings.seed):
            yield {key: self._to_device(value) for key, value in batch.items()}

    def should_validate(self, step: int) -> bool:
        """Whether this step ends with a validation."""
        return (step + 1) % self.settings.validate_every == 0 or step + 1 == self.steps or self.dry

    def log_scalars(self, step: int, **figures: Float[Tensor, ""] | float) -> None:
        """Scalars of a step: their means over all processes and `LOG_EVERY` steps are logged.

        Call it once in a step, with the same names in all of them.
        """
        for name, value in figures.items():
            number = float(value.detach() if isinstance(value, Tensor) else value)
            self._scalars.setdefault(name, []).append(number)
        if (step + 1) % LOG_EVERY == 0 or step + 1 == self.steps:
            means = self._means()
            self._scalars.clear()
            if self.is_first:
                self.folder.log_scalars(step + 1, means)

    def _means(self) -> dict[str, float]:
        """Of what was logged, over all processes."""
        mine = torch.tensor([np.mean(values) for values in self._scalars.values()])
        if self.fabric.world_size > 1:
            mine = self.fabric.all_reduce(mine.to(self.device), reduce_op="mean")  # type: ignore[assignment]
        return dict(zip(self._scalars, mine.tolist(), strict=True))

    def log_validation(self, step: int, **figures: float) -> None:
        """Metrics of the validation examples, logged at once as `validation/NAME`."""
        text = ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
        if self.fabric.is_global_zero:
            self.progress.note(f"step {step + 1}: {text}")
        if self.is_first:
            named = {f"validation/{name}": value for name, value in figures.items()}
            self.folder.log_scalars(step + 1, named)

    def log_images(self, step: int, picture: UInt8[np.ndarray, "H W 3"]) -> None:
        """A sheet of validation examples, (H, W, 3) in RGB."""
        if self.is_first:
            self.folder.log_images(step + 1, picture)

    def save_weights(self, tensors: Mapping[str, Tensor]) -> Path | None:
        """Write the weights that a spec loads; None in a dry run and in the other processes."""
        if not self.is_first:
            return None
        file = self.folder.save_weights(tensors, {**self.header, "steps": self.done})
        self.folder.close()
        return file

    def _to_device(self, value: Tensor) -> Tensor:
        value = value.to(self.device, non_blocking=True)
        return value.contiguous(memory_format=torch.channels_last) if value.ndim == 4 else value

    def _average_gradients(self, parameters: list[nn.Parameter]) -> None:
        if self.fabric.world_size == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        mine = torch.cat([gradient.flatten() for gradient in gradients])
        mean: Any = self.fabric.all_reduce(mine, reduce_op="mean")
        vector_to_parameters(mean, gradients)

    def _resume(self) -> int:
        """Go on from the checkpoint; all processes read it, the first one wrote it."""
        saved = self.folder.load_checkpoint(self.config)
        self.fabric.barrier()
        if self.is_first:
            self.folder.open(self.config)
        if saved is not None:
            self._restore(saved)
        if self.is_first and (lost := self.folder.open_log(self.done)):
            self.progress.note(f"log.jsonl: {lost} lines that could not be read were dropped")
        return self.done

    def _restore(self, saved: Mapping[str, Any]) -> None:
        """Load the state of everything that was saved.

        Raises:
            WeightsError: the checkpoint does not fit.
        """
        scalars = saved["scalars"]
        try:
            for name, part in self._state.items():
                part.load_state_dict(saved["state"][name])
                if isinstance(part, torch.optim.Optimizer):
                    _require_shapes(part)
            self._scalars = {str(key): [float(v) for v in scalars[key]] for key in scalars}
        except Exception as error:  # torch raises whatever the damage leads to
            raise self.folder.unusable(f"{type(error).__name__}: {error}") from error
        self.done = saved["step"]
        if not 0 <= self.done <= self.steps:
            raise self.folder.unusable(f"it was made after {self.done} of {self.steps} steps")

    def _save_if_due(self, last: int) -> None:
        """Write a checkpoint, if it is time."""
        every = self.settings.checkpoint_every
        if self.is_first and (self.done % every == 0 or self.done == last or self._wants_to_stop):
            state = {name: part.state_dict() for name, part in self._state.items()}
            saved = {"step": self.done, "state": state, "scalars": self._scalars}
            self.folder.save_checkpoint({**saved, "config": dict(self.config)})

    def _non_finite(self, step: int) -> TrainingError:
        """The loss is NaN or infinite: keep the batch that did it, unless the run is dry."""
        advice = "a smaller training.learning_rate, or training.precision 32-true"
        given = "a dry run, which keeps nothing"
        if not self.dry:
            file = self.path / f"not-a-number-{step + 1:07d}.safetensors"
            with replacing(file) as part:
                save_file({k: v.cpu().contiguous() for k, v in self._batch.items()}, part)
            given = f"the batch in {file}"
            advice += "; the same command goes on from the checkpoint"
        return TrainingError(
            f"the loss of step {step + 1} is NaN or infinite", given=given, advice=advice
        )

    def _stage(self, last: int, first: int) -> AbstractContextManager[Callable[[int], None]]:
        name = "trying a few steps" if self.dry else "training"
        if self.fabric.is_global_zero:
            return self.progress.stage(name, last, "steps", first)
        return _silent()

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """The first Ctrl-C (or SIGTERM) waits for the end of the step, the second does not."""

        def asked(number: int, frame: FrameType | None) -> None:
            del number, frame
            if self._wants_to_stop:
                raise KeyboardInterrupt
            self._wants_to_stop = True

        try:
            before = {s: signal.signal(s, asked) for s in (signal.SIGINT, signal.SIGTERM)}
        except ValueError:  # not in the main thread: whoever runs us stops us
            yield
            return
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _require_shapes(optimizer: torch.optim.Optimizer) -> None:
    """Refuse averages of gradients that are not as large as what they belong to: torch's
    optimizers take any."""
    for parameter, state in optimizer.state.items():
        for name, value in state.items():
            if value.ndim > 0 and value.shape != parameter.shape:
                raise ValueError(f"{name} of an optimizer is {tuple(value.shape)}")


@contextmanager
def _silent() -> Iterator[Callable[[int], None]]:
    yield lambda _: None
