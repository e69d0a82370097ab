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
from reenactor.training.ledger import Ledger
from reenactor.training.material import find_material
from reenactor.training.pool import Made, made_by_processes, made_by_ray, made_here
from reenactor.training.shard_work import (
    Lot,
    Place,
    ShardRecord,
    Skipped,
    Work,
    Workshop,
    lots_of,
)
from reenactor.training.shards import INDEX, STATE, VERSION


@dataclass(frozen=True)
class Wish:
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
class Prepared:
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


def prepare(setup: api.Setup, wish: Wish, progress: Progress) -> Prepared:
    """Make the shards that are not there yet.

    Raises:
        UsageError: the folder holds shards of another dataset or of other settings.
        InputError: the dataset's material is not there, or nothing of it could be used.
        SpecMistakesError, PluginError: of the spec or the dataset's options.
    """
    material = find_material(setup.catalog, wish.dataset, wish.options)
    parts = _parts(setup.plan(wish.spec), wish.background)
    work = Work(material, parts, Place.of(setup), wish.canvas, wish.folder.absolute())
    workshop = Workshop(work)
    for text in workshop.notes:
        progress.note(text)
    items = len(workshop.names) if wish.limit is None else min(len(workshop.names), wish.limit)
    lots = lots_of(items, wish.per_shard)
    with locked(wish.folder / STATE):
        _require_own(wish, lots)
        ledger = Ledger(wish.folder, _head(setup, workshop, wish), items)
        records = ledger.kept(lots, wish.overwrite)
        found = sum(record.items for record in records.values())
        remove_parts(wish.folder)
        ledger.write(records)
        wanted = [lot for lot in lots if lot.number not in records]
        if wanted:
            with (
                progress.stage(f"preparing {wish.dataset}", items, "items", found) as advance,
                closing(_made(workshop, wish, wanted, advance)) as made,
            ):
                for number, record in made:
                    records[number] = record
                    ledger.write(records)
    return _told(wish, items, found, [records[number] for number in sorted(records)])


def _require_own(wish: Wish, lots: list[Lot]) -> None:
    """Raises `UsageError` where something in the way is not what an earlier run prepared."""
    state = wish.folder / STATE
    shards = [path for lot in lots if (path := wish.folder / lot.file).exists()]
    if _is_state(state) or (shards and all(map(_is_shard, shards))):
        return
    require_free([state, *shards], overwrite=wish.overwrite)


def _is_state(path: Path) -> bool:
    try:
        found = read_json(path)
    except InputError:
        return False
    return isinstance(found, dict) and {"version", "dataset", "shards"} <= found.keys()


def _is_shard(path: Path) -> bool:
    try:
        return INDEX in Archive.opened(path).places
    except InputError:
        return False


def _made(workshop: Workshop, wish: Wish, lots: list[Lot], advance: Advance) -> Made:
    if wish.ray:
        return made_by_ray(workshop.work, lots, advance)
    if wish.workers > 1 and len(lots) > 1:
        return made_by_processes(workshop.work, lots, advance, min(wish.workers, usable_cores()))
    return made_here(workshop, lots, advance)


def _told(wish: Wish, items: int, found: int, records: list[ShardRecord]) -> Prepared:
    skipped = tuple(one for record in records for one in record.skipped)
    examples = sum(record.examples for record in records)
    if examples == 0:
        first = f"the first: {skipped[0].name}: {skipped[0].why}" if skipped else "it is empty"
        raise InputError(
            f"no example could be made of the dataset {wish.dataset!r}",
            given=f"{items} items; {first}",
            advice=f"its options say what is read: reenactor plugins show {wish.dataset}",
        )
    return Prepared(wish.folder, items, examples, len(records), found, skipped)


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


def _head(setup: api.Setup, workshop: Workshop, wish: Wish) -> dict[str, Any]:
    """Everything that the examples depend on."""
    material, parts = workshop.work.material, workshop.work.parts
    roles = ("skeleton", "parser", "dense", "inpainter")
    given = [
        (".".join(map(str, field)), path)
        for field, path in paths_in(material.options, defaults=True)
    ]
    return {
        "version": VERSION,
        "reenactor": reenactor.__version__,
        "dataset": material.info.name,
        "provider": material.provider,
        "licence": material.info.licence,
        "options": material.options.model_dump(mode="json"),
        "names": workshop.digest,
        "files": {field: digest_of(path, [wish.folder.absolute()]) for field, path in given},
        "analysis": {
            role: None if part is None else _described(part)
            for role, part in zip(roles, parts, strict=True)
        },
        "device": str(setup.runtime().device),
        "dtype": str(setup.dtype),
        "seed": setup.seed,
        "canvas": list(wish.canvas),
        "per_shard": wish.per_shard,
    }


def _described(part: Part) -> dict[str, Any]:
    return {
        "use": part.info.name,
        "options": part.options.model_dump(mode="json"),
        "files": part.contents,
        "provider": str(part.provider),
        "weights": {weight.name: weight.sha256 for weight in part.info.weights},
    }
