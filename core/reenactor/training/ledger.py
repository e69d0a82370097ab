"""`shards.json`: what is prepared and how, and so which shards of an earlier run can be kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reenactor.errors import InputError, UsageError
from reenactor.media.files import write_json
from reenactor.training.archive import Archive
from reenactor.training.shard_work import Lot, ShardRecord
from reenactor.training.shards import INDEX, STATE


@dataclass(frozen=True)
class Ledger:
    """The book of a folder of shards.

    `head` is everything that the examples depend on; `items` how many there are of the dataset.
    """

    folder: Path
    head: Mapping[str, Any]
    items: int

    def write(self, records: Mapping[int, ShardRecord]) -> None:
        """Write down the shards that are done; raises `OutputError`."""
        listed = [records[number].as_json() for number in sorted(records)]
        write_json(self.folder / STATE, {**self.head, "items": self.items, "shards": listed})

    def tidy(self) -> None:
        """Remove what a killed run left half-made; only for the one who holds the lock."""
        for path in self.folder.glob(".shard-*.part"):
            path.unlink(missing_ok=True)

    def kept(self, lots: Sequence[Lot], overwrite: bool) -> dict[int, ShardRecord]:
        """The shards that are there and as they would be made now, by number.

        Raises:
            UsageError: there are shards of other settings, and they shall not be overwritten.
        """
        state, records = self._read()
        differing = [key for key, value in self.head.items() if state.get(key) != value]
        if differing and state and not overwrite:
            raise UsageError(
                f"{self.folder} holds shards of other settings",
                given=_listed(differing, self.head),
                expected=_listed(differing, state),
                advice="another folder, or --overwrite to prepare all of it anew",
            )
        if differing:
            return {}
        wanted = {(lot.file, lot.first, lot.items): lot.number for lot in lots}
        found = {(one.file, one.first, one.items): one for one in records}
        return {
            wanted[key]: record
            for key, record in found.items()
            if key in wanted and _is_whole(self.folder / record.file)
        }

    def _read(self) -> tuple[Mapping[str, Any], list[ShardRecord]]:
        """What was written; nothing where that is missing or damaged: it is then made anew."""
        try:
            state = json.loads((self.folder / STATE).read_text("utf-8"))
            return state, [ShardRecord.from_json(one) for one in state["shards"]]
        except (OSError, ValueError, TypeError, KeyError):
            return {}, []


def _is_whole(path: Path) -> bool:
    try:
        return INDEX in Archive.opened(path).places
    except InputError:
        return False


def _listed(keys: Sequence[str], values: Mapping[str, Any]) -> str:
    texts = (f"{key}: {json.dumps(values.get(key))}" for key in keys)
    return ", ".join(text if len(text) <= 200 else f"{text[:200]}…" for text in texts)
