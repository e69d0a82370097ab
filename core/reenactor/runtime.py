"""What every component is given beside its options: nothing of it is ever global."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from reenactor.manifest import Weight

CPU = torch.device("cpu")

WeightFinder = Callable[[Weight], Path]
"""Gives the verified local file of a weight, or raises `WeightsError`."""


def usable_cores() -> int:
    """How many cores this process may use: more threads or processes only wait for each other."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Runtime:
    """Where and how a component computes.

    `device` and `dtype` are for its networks; values passed between components are float32 on
    the CPU unless a role says otherwise. `threads` bounds the threads of runtimes that have
    pools of their own. `weight` finds a weight file.
    """

    weight: WeightFinder
    device: torch.device = CPU
    dtype: torch.dtype = torch.float32
    seed: int = 0
    threads: int = 1

    def generator(self) -> torch.Generator:
        """A fresh source of random numbers: the same numbers for the same seed."""
        return torch.Generator().manual_seed(self.seed)
