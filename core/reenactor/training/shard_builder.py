"""Making one shard after another: the work that processes share, and what each shard came to."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from pickle import loads
from typing import Any

import torch

from reenactor import api
from reenactor.catalog import Catalog, Part
from reenactor.catalog.attribution import attributed
from reenactor.catalog.build import build
from reenactor.errors import InputError
from reenactor.media.files import sha256_of
from reenactor.progress import Advance
from reenactor.runtime import usable_cores
from reenactor.spelling import legible
from reenactor.training.analysis import AnalysisComponents, example_of
from reenactor.training.dataset import Dataset, Shot
from reenactor.training.dataset_config import DatasetConfig, item_names, open_dataset
from reenactor.training.example import Example, ExampleInfo
from reenactor.training.shards import write_shard
from reenactor.weights import WeightStore


@dataclass(frozen=True)
class SetupArgs:
    """Where components compute, as `api.Setup` says it, without what cannot be sent elsewhere."""

    device: str
    precision: str
    seed: int
    threads: int
    weights: Path
    offline: bool

    @classmethod
    def of(cls, setup: api.Setup) -> "SetupArgs":
        store = setup.weights
        return cls(
            setup.device,
            setup.runtime().precision,
            setup.seed,
            setup.threads,
            store.folder,
            store.offline,
        )

    def setup(self) -> api.Setup:
        """A setup for building components whose plan is made."""
        store = WeightStore(self.weights, self.offline)
        nothing = Catalog(())
        return api.Setup(
            self.device,
            self.precision,
            self.seed,
            self.threads,
            catalog=nothing,
            weights=store,
        )


@dataclass(frozen=True)
class ShardJob:
    """Everything that making a shard takes. It can be sent to another process or machine.

    `parts` are the components that find key points, labels, dense poses and backgrounds.
    """

    config: DatasetConfig
    parts: tuple[Part | None, ...]
    setup_args: SetupArgs
    canvas: tuple[int, int]
    folder: Path


@dataclass(frozen=True)
class ShardRange:
    """The items of one shard."""

    number: int
    first: int
    items: int

    @property
    def file(self) -> str:
        """The shard's name in its folder."""
        return f"shard-{self.number:05d}.zip"


def shard_ranges(items: int, per_shard: int) -> list[ShardRange]:
    """All items, so many in each shard, the last one holding what is left."""
    firsts = range(0, items, per_shard)
    return [ShardRange(n, first, min(per_shard, items - first)) for n, first in enumerate(firsts)]


@dataclass(frozen=True)
class Skipped:
    """An item, or one person of it, that gave no example."""

    name: str
    why: str


@dataclass(frozen=True)
class ShardRecord:
    """What came of a shard."""

    file: str
    first: int
    items: int
    examples: int
    sha256: str
    skipped: tuple[Skipped, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


class ShardBuilder:
    """The dataset and the components, made once for many shards."""

    def __init__(self, job: ShardJob) -> None:
        self.job = job
        self.runtime = job.setup_args.setup().runtime()
        self.dataset: Dataset[Any] = open_dataset(job.config, self.runtime)
        self.names = item_names(job.config.info, self.dataset, job.config.author)

    @cached_property
    def notes(self) -> list[str]:
        """What the dataset says of its material.

        Raises:
            PluginError: it fails, or says something else than text.
        """
        config = self.job.config
        what = f"the dataset {config.info.name!r} cannot say what should be noted of it"
        with attributed(what, config.info.target, config.author):
            return [legible(text) for text in self.dataset.notes()]

    @cached_property
    def annotators(self) -> AnalysisComponents:
        """The components; made when the first is needed."""
        made: Any = [
            None if part is None else build(part.info, part.options, self.runtime, part.provider)
            for part in self.job.parts
        ]
        return AnalysisComponents(*made)

    @property
    def digest(self) -> str:
        """What stands for the dataset's items: a sha256 of their names."""
        return hashlib.sha256(json.dumps(self.names).encode()).hexdigest()

    def build(self, shard: ShardRange, advance: Advance) -> ShardRecord:
        """Make a shard, whole or not at all.

        Raises:
            OutputError: it cannot be written.
            PluginError: the dataset failed.
        """
        skipped: list[Skipped] = []

        def examples() -> Iterator[Example]:
            for index in range(shard.first, shard.first + shard.items):
                yield from self._examples(index, skipped)
                advance(1)

        path = self.job.folder / shard.file
        count = write_shard(path, examples())
        return ShardRecord(
            shard.file, shard.first, shard.items, count, sha256_of(path), tuple(skipped)
        )

    def _examples(self, index: int, skipped: list[Skipped]) -> Iterator[Example]:
        name = self.names[index]
        try:
            shots = self._shots(index)
            if not shots:
                raise InputError("the dataset knows nobody in it")
        except InputError as error:
            skipped.append(Skipped(name, error.problem))
            return
        for number, shot in enumerate(shots):
            who = name if len(shots) == 1 else f"{name} (person {number + 1})"
            try:
                with torch.inference_mode():
                    example = self._example(name, shot)
            except InputError as error:
                skipped.append(Skipped(who, error.problem))
            else:
                yield example

    def _shots(self, index: int) -> list[Shot]:
        config = self.job.config
        what = f"the dataset {config.info.name!r} failed at its item {self.names[index]!r}"
        with attributed(what, config.info.target, config.author):
            shots = list(self.dataset.shots(index))
            wrong = next((shot for shot in shots if not isinstance(shot, Shot)), None)
            if wrong is not None:
                raise TypeError(f"`shots` gave a {type(wrong).__name__} instead of a Shot")
        return shots

    def _example(self, name: str, shot: Shot) -> Example:
        dataset = self.job.config.info.name
        entry = ExampleInfo(
            name=f"{dataset}/{name}",
            person=f"{dataset}/{shot.person}",
            source=f"{dataset}/{shot.source}",
            frame=shot.frame,
            pose=f"{dataset}/{shot.pose}" if shot.pose else "",
            yaw=shot.yaw,
            photo=shot.photo,
        )
        return example_of(shot, entry, self.annotators, self.job.canvas)


def build_remotely(pickled: bytes, shard: ShardRange) -> ShardRecord:
    """Make a shard in a process that was started for it."""
    return _builder(pickled).build(shard, lambda _: None)


@lru_cache(maxsize=1)
def _builder(pickled: bytes) -> ShardBuilder:
    """A process's builder: a network is not loaded for each shard anew."""
    job: ShardJob = loads(pickled)  # noqa: S301 - our own process made it
    torch.set_num_threads(min(job.setup_args.threads, usable_cores()))
    return ShardBuilder(job)
