"""Which examples a step sees, and with which random numbers: a function of the step alone.

So a training that was interrupted goes on as if it never had been, and several processes see
together what one would see.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from reenactor.runtime import usable_cores

Batch = dict[str, Tensor]


@runtime_checkable  # so that the tests' type checks can look at arguments
class Samples(Protocol):
    """What a recipe makes of examples: one sample for each place of an epoch."""

    def __len__(self) -> int: ...

    def sample(self, index: int, random: np.random.Generator) -> Mapping[str, Tensor]:
        """Tensors without a batch axis; all that is random comes from `random`."""
        ...


@dataclass(frozen=True)
class ProcessSlice:
    """Which part of every batch is this process's."""

    rank: int = 0
    world: int = 1

    def of(self, batch: int) -> range:
        """Places in the batch."""
        size = batch // self.world
        return range(self.rank * size, (self.rank + 1) * size)


@dataclass(frozen=True)
class StepBatches(Dataset[Batch]):
    """The batch of every step, one process's share of it."""

    samples: Samples
    batch: int
    seed: int
    share: ProcessSlice = ProcessSlice()

    def __getitem__(self, step: int) -> Batch:
        places = [step * self.batch + place for place in self.share.of(self.batch)]
        return collate([self._sample(place) for place in places])

    def _sample(self, place: int) -> Mapping[str, Tensor]:
        """Each example once in an epoch, in an order that each epoch has."""
        epoch, turn = divmod(place, len(self.samples))
        order = _order(len(self.samples), self.seed, epoch)
        random = np.random.default_rng([self.seed, 0, place])
        return self.samples.sample(int(order[turn]), random)


@lru_cache(maxsize=2)  # a batch may reach into the next epoch
def _order(count: int, seed: int, epoch: int) -> NDArray[np.int64]:
    return np.random.default_rng([seed, 1, epoch]).permutation(count)


def in_order(samples: Samples, batch: int, limit: int, seed: int) -> Iterator[Batch]:
    """The first `limit` samples as they come, the same each time: for validation."""
    count = min(limit, len(samples))
    for start in range(0, count, batch):
        places = range(start, min(start + batch, count))
        yield collate([samples.sample(i, np.random.default_rng([seed, 2, i])) for i in places])


def loader(steps: StepBatches, first: int, last: int, workers: int, pin: bool) -> DataLoader[Batch]:
    """The batches of steps `first` to `last`, read ahead by `workers` processes."""
    return DataLoader(
        steps,
        batch_size=None,
        sampler=range(first, last),
        num_workers=min(workers, usable_cores()),
        pin_memory=pin,
    )


def collate(samples: list[Mapping[str, Tensor]]) -> Batch:
    """Samples as one batch."""
    return {key: torch.stack([sample[key] for sample in samples]) for key in samples[0]}
