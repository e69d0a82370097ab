"""The runtime that every component receives beside its options; nothing is global."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from reenactor.manifest import Weight

CPU = torch.device("cpu")

WeightFinder = Callable[[Weight], Path]
"""Returns the verified local file of a weight, or raises `WeightsError`."""


def usable_cores() -> int:
    """The number of cores this process may use; more threads or processes do not help."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Runtime:
    """Where and how a component computes.

    Values passed between components are float32 on the CPU unless a role says otherwise.

    Attributes:
        weight: finds a weight file.
        device: of the component's networks.
        dtype: of the component's networks.
        seed: of its random numbers.
        threads: of runtimes that have their own thread pools.
    """

    weight: WeightFinder
    device: torch.device = CPU
    dtype: torch.dtype = torch.float32
    seed: int = 0
    threads: int = 1

    def generator(self) -> torch.Generator:
        """A new random number generator with the runtime's seed."""
        return torch.Generator().manual_seed(self.seed)


@contextmanager
def float32_by_default() -> Iterator[None]:
    """Make float32 torch's default while components work, and restore the caller's afterwards."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(before)
