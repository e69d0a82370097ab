"""Where and how everything runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from reenactor.api.request import require_strings, require_type
from reenactor.catalog import Catalog, Plan, discover, make_plan
from reenactor.errors import UsageError
from reenactor.media.cache import crowd_folder
from reenactor.runtime import PRECISIONS, Runtime, fastest_precision, usable_cores
from reenactor.spec import Spec
from reenactor.spelling import did_you_mean
from reenactor.weights import WeightStore, default_folder

MAX_SEED = 2**63 - 1
"""The largest seed that every random number generator accepts."""


@dataclass(frozen=True)
class Setup:
    """Where and how to run: device, precision, seed, installed plugins and weights.

    Attributes:
        device: `auto`, `cpu`, `cuda`, `cuda:1`, `mps` …
        precision: what networks compute in: `float32`, `bfloat16`, or `auto` for bfloat16 where
            the device has it in hardware.
        seed: 0 to 2**63 - 1; the same seed gives the same frames.
        threads: of each runtime's own pool; never more than this process has cores.
        cache: folder for the people detected in driving videos.
        catalog: the installed components, datasets and specs.
        weights: the local store of weight files.
    """

    device: str = "auto"
    precision: str = "auto"
    seed: int = 0
    threads: int = 1
    cache: Path = field(default_factory=crowd_folder)
    catalog: Catalog = field(default_factory=discover)
    weights: WeightStore = field(default_factory=lambda: WeightStore(default_folder()))

    def __post_init__(self) -> None:
        """Raise `UsageError` for values of the wrong type."""
        require_type("device", self.device, str | torch.device, "a device such as cpu or cuda:1")
        known = ("auto", *PRECISIONS)
        require_type("precision", self.precision, str, ", ".join(known))
        if self.precision not in known:
            raise UsageError(
                "unknown precision",
                given=f"precision={self.precision!r}",
                expected=", ".join(known),
                advice=did_you_mean(self.precision, known),
            )
        require_type("seed", self.seed, int, f"a whole number, 0 to {MAX_SEED}")
        require_type("threads", self.threads, int, "a whole number, 1 or more")
        require_type("cache", self.cache, Path, "a pathlib.Path")
        require_type("catalog", self.catalog, Catalog, "a Catalog")
        require_type("weights", self.weights, WeightStore, "a WeightStore")

    @classmethod
    def of(cls, given: "Setup | None") -> "Setup":
        """The setup that was given, or the default one; raises `UsageError` for anything else."""
        require_type("setup", given, Setup | None, "a Setup, or None")
        return given or cls()

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
        device = _open_device(self.device)
        precision = fastest_precision(device) if self.precision == "auto" else self.precision
        return Runtime(
            weight=self.weights.path,
            device=device,
            dtype=PRECISIONS[precision],
            seed=self.seed,
            threads=min(self.threads, usable_cores()),
        )

    def plan(self, spec: str | Path | Spec, overrides: Sequence[str] = ()) -> Plan:
        """Check a spec, given by name, file or value, against what is installed.

        Raises:
            SpecMistakesError: lists every mistake.
        """
        require_type("spec", spec, str | Path | Spec, "a name, a path or a Spec")
        require_strings("overrides", overrides)
        draft = spec if isinstance(spec, Spec) else self.catalog.draft(spec, overrides)
        return make_plan(draft, self.catalog, self.weights)


def _open_device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        if (torch.ones(1, device=device) + 1).item() != 2.0:  # `meta` only has shapes
            raise RuntimeError("the device computes wrong results")
    except Exception as error:  # each backend raises its own
        raise UsageError(
            "device not available",
            given=name,
            expected="auto, cpu, or a device that this build of torch supports",
            advice="".join(str(error).splitlines()[:1]),
        ) from error
    return device
