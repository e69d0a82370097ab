"""`reenactor prepare`: a dataset becomes shards. A run that was ended goes on, shard by shard."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import reenactor
from reenactor import api
from reenactor.catalog import Part, Plan
from reenactor.catalog.options import paths_in
from reenactor.errors import InputError, UsageError
from reenactor.manifest import Facet, Role
from reenactor.media.contents import digest_of
from reenactor.media.files import read_json, remove_parts
from reenactor.media.lock import locked
from reenactor.media.outputs import require_free
from reenactor.progress import Advance, Progress
from reenactor.runtime import usable_cores
from reenactor.training.archive import Archive
from reenactor.training.dataset_config import find_dataset
from reenactor.training.ledger import Ledger
from reenactor.training.pool import BuiltShards, build_here, build_in_processes, build_on_ray
from reenactor.training.shard_builder import (
    SetupArgs,
    ShardBuilder,
    ShardJob,
    ShardRange,
    ShardRecord,
    Skipped,
    shard_ranges,
)
from reenactor.training.shards import INDEX, STATE, VERSION


@dataclass(frozen=True)
class PrepareRequest:
    """What is to be prepared, and how.

    `options` are the dataset's, as `key=value`; `spec` names whose components analyse; `canvas`
    is height and width; `limit` is how many items are taken, from the first on.
    """

    dataset: str
    folder: Path
    options: tuple[str, ...] = ()
    spec: str = "default"
    canvas: tuple[int, int] = (512, 320)
    background: bool = False
    limit: int | None = None
    per_shard: int = 64
    workers: int = 1
    ray: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class PrepareResult:
    """What came of it. `found` counts the items whose shards were there already."""

    folder: Path
    items: int
    examples: int
    shards: int
    found: int
    skipped: tuple[Skipped, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        skipped = [vars(one) for one in self.skipped]
        return {**vars(self), "folder": str(self.folder), "skipped": skipped}


def prepare(setup: api.Setup, request: PrepareRequest, progress: Progress) -> PrepareResult:
    """Make the shards that are not there yet.

    Raises:
        UsageError: the folder holds shards of another dataset or of other settings.
        InputError: the dataset's material is not there, or nothing of it could be used.
        SpecMistakesError, PluginError: of the spec or the dataset's options.
    """
    config = find_dataset(setup.catalog, request.dataset, request.options)
    parts = _parts(setup.plan(request.spec), request.background)
    job = ShardJob(config, parts, SetupArgs.of(setup), request.canvas, request.folder.absolute())
    builder = ShardBuilder(job)
    for text in builder.notes:
        progress.note(text)
    items = len(builder.names) if request.limit is None else min(len(builder.names), request.limit)
    ranges = shard_ranges(items, request.per_shard)
    with locked(request.folder / STATE):
        _require_own(request, ranges)
        ledger = Ledger(request.folder, _head(setup, builder, request), items)
        records = ledger.kept(ranges, request.overwrite)
        found = sum(record.items for record in records.values())
        remove_parts(request.folder)
        ledger.write(records)
        wanted = [shard for shard in ranges if shard.number not in records]
        if wanted:
            with (
                progress.stage(f"preparing {request.dataset}", items, "items", found) as advance,
                closing(_made(builder, request, wanted, advance)) as made,
            ):
                for number, record in made:
                    records[number] = record
                    ledger.write(records)
    return _result_of(request, items, found, [records[number] for number in sorted(records)])


def _require_own(request: PrepareRequest, ranges: list[ShardRange]) -> None:
    """Raises `UsageError` where something in the way is not what an earlier run prepared."""
    state = request.folder / STATE
    shards = [path for shard in ranges if (path := request.folder / shard.file).exists()]
    if _is_state(state) or (shards and all(map(_is_shard, shards))):
        return
    require_free([state, *shards], overwrite=request.overwrite)


def _is_state(path: Path) -> bool:
    try:
        found = read_json(path)
    except InputError:
        return False
    return isinstance(found, dict) and {"version", "dataset", "shards"} <= found.keys()


def _is_shard(path: Path) -> bool:
    try:
        return INDEX in Archive.opened(path).members
    except InputError:
        return False


def _made(
    builder: ShardBuilder, request: PrepareRequest, ranges: list[ShardRange], advance: Advance
) -> BuiltShards:
    if request.ray:
        return build_on_ray(builder.job, ranges, advance)
    if request.workers > 1 and len(ranges) > 1:
        return build_in_processes(
            builder.job, ranges, advance, min(request.workers, usable_cores())
        )
    return build_here(builder, ranges, advance)


def _result_of(
    request: PrepareRequest, items: int, found: int, records: list[ShardRecord]
) -> PrepareResult:
    skipped = tuple(one for record in records for one in record.skipped)
    examples = sum(record.examples for record in records)
    if examples == 0:
        first = f"the first: {skipped[0].name}: {skipped[0].why}" if skipped else "it is empty"
        raise InputError(
            f"no example could be made of the dataset {request.dataset!r}",
            given=f"{items} items; {first}",
            advice=f"its options say what is read: reenactor plugins show {request.dataset}",
        )
    return PrepareResult(request.folder, items, examples, len(records), found, skipped)


def _parts(plan: Plan, background: bool) -> tuple[Part | None, ...]:
    """Who finds key points, labels, dense poses and, if asked for, backgrounds."""
    estimator = plan.provider_of(Facet.SKELETON)
    inpainter = plan.part(Role.INPAINTER)
    if estimator is None:
        raise UsageError("this spec finds no key points", advice="--spec default")
    if background and inpainter is None:
        raise UsageError(
            "this spec has no inpainter",
            given="--background",
            advice="name a spec with one, or prepare without backgrounds",
        )
    dense = plan.provider_of(Facet.DENSE)
    return estimator, plan.part(Role.PARSER), dense, inpainter if background else None


def _head(setup: api.Setup, builder: ShardBuilder, request: PrepareRequest) -> dict[str, Any]:
    """Everything that the examples depend on."""
    config, parts = builder.job.config, builder.job.parts
    roles = ("skeleton", "parser", "dense", "inpainter")
    given = [
        (".".join(map(str, field)), path) for field, path in paths_in(config.options, defaults=True)
    ]
    return {
        "version": VERSION,
        "reenactor": reenactor.__version__,
        "dataset": config.info.name,
        "provider": config.provider,
        "licence": config.info.licence,
        "options": config.options.model_dump(mode="json"),
        "names": builder.digest,
        "files": {field: digest_of(path, [request.folder.absolute()]) for field, path in given},
        "analysis": {
            role: None if part is None else _described(part)
            for role, part in zip(roles, parts, strict=True)
        },
        "device": str(setup.runtime().device),
        "precision": setup.runtime().precision,
        "seed": setup.seed,
        "canvas": list(request.canvas),
        "per_shard": request.per_shard,
    }


def _described(part: Part) -> dict[str, Any]:
    return {
        "use": part.info.name,
        "options": part.options.model_dump(mode="json"),
        "files": part.contents,
        "provider": str(part.provider),
        "weights": {weight.name: weight.sha256 for weight in part.info.weights},
    }
