"""Where and how everything runs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from reenactor.catalog import Catalog, Plan, discover, make_plan
from reenactor.errors import UsageError
from reenactor.media.cache import crowd_folder
from reenactor.runtime import Runtime, usable_cores
from reenactor.spec import Spec
from reenactor.weights import WeightStore, default_folder

MAX_SEED = 2**63 - 1
"""The largest seed that every random number generator accepts."""


@dataclass(frozen=True)
class Setup:
    """Where and how to run: device, precision, seed, installed plugins and weights.

    Attributes:
        device: `auto`, `cpu`, `cuda`, `cuda:1`, `mps` …
        dtype: of the networks' computations.
        seed: 0 to 2**63 - 1; the same seed gives the same frames.
        threads: of each runtime's own pool; never more than this process has cores.
        cache: folder for the people detected in driving videos.
        catalog: the installed components, datasets and specs.
        weights: the local store of weight files.
    """

    device: str = "auto"
    dtype: torch.dtype = torch.float32
    seed: int = 0
    threads: int = 1
    cache: Path = field(default_factory=crowd_folder)
    catalog: Catalog = field(default_factory=discover)
    weights: WeightStore = field(default_factory=lambda: WeightStore(default_folder()))

    def runtime(self) -> Runtime:
        """The runtime that components are built with.

        Raises:
            UsageError: the device is not available, or the seed or threads are out of range.
        """
        if not 0 <= self.seed <= MAX_SEED:
            raise UsageError(
                "seed out of range", given=f"seed={self.seed}", expected=f"0 to {MAX_SEED}"
            )
        if self.threads < 1:
            raise UsageError(
                "too few threads", given=f"threads={self.threads}", expected="1 or more"
            )
        return Runtime(
            weight=self.weights.path,
            device=_open_device(self.device),
            dtype=self.dtype,
            seed=self.seed,
            threads=min(self.threads, usable_cores()),
        )

    def plan(self, spec: str | Path | Spec, overrides: Iterable[str] = ()) -> Plan:
        """Check a spec, given by name, file or value, against what is installed.

        Raises:
            SpecMistakesError: lists every mistake.
        """
        draft = spec if isinstance(spec, Spec) else self.catalog.draft(spec, overrides)
        return make_plan(draft, self.catalog, self.weights)


def _open_device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UsageError(
            "device not available",
            given=name,
            expected="auto, cpu, or a device that this build of torch supports",
            advice=str(error).splitlines()[0],
        ) from error
    return device
