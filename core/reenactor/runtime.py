"""The runtime that every component receives beside its options; nothing is global."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from reenactor.manifest import Weight

CPU = torch.device("cpu")

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
"""What networks may compute in, by name."""

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
        dtype: of the component's networks. A component may compute in float32 all the same.
        seed: of its random numbers.
        threads: of runtimes that have their own thread pools.
    """

    weight: WeightFinder
    device: torch.device = CPU
    dtype: torch.dtype = torch.float32
    seed: int = 0
    threads: int = 1

    @property
    def precision(self) -> str:
        """The name of `dtype`, as in `PRECISIONS`."""
        return str(self.dtype).removeprefix("torch.")

    def generator(self) -> torch.Generator:
        """A new random number generator with the runtime's seed."""
        return torch.Generator().manual_seed(self.seed)


def fastest_precision(device: torch.device) -> str:
    """bfloat16 on devices that multiply it in hardware, else float32, which is faster there.

    Those devices are CPUs with AMX or AVX512-BF16, and CUDA devices from compute capability 8.0
    (Ampere) on.
    """
    if device.type == "cpu":
        has_bfloat16 = (
            torch.cpu._is_amx_tile_supported()
            or torch.cpu._is_avx512_bf16_supported()  # torch has no public names for them
        )
    else:
        has_bfloat16 = device.type == "cuda" and torch.cuda.get_device_capability(device) >= (8, 0)
    return "bfloat16" if has_bfloat16 else "float32"


@contextmanager
def float32_by_default() -> Iterator[None]:
    """Make float32 torch's default while components work, and restore the caller's afterwards."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(before)
