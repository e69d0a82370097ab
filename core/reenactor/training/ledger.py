"""`shards.json`: what is prepared and how, and so which shards of an earlier run can be kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reenactor.errors import InputError, UsageError
from reenactor.media.files import read_json, sha256_of, write_json
from reenactor.training.shard_builder import ShardRange, ShardRecord
from reenactor.training.shards import STATE

_RECORDS = TypeAdapter(tuple[ShardRecord, ...])


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

    def kept(self, ranges: Sequence[ShardRange], overwrite: bool) -> dict[int, ShardRecord]:
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
        wanted = {(shard.file, shard.first, shard.items): shard.number for shard in ranges}
        found = {(one.file, one.first, one.items): one for one in records}
        return {
            wanted[key]: record
            for key, record in found.items()
            if key in wanted and self._is_whole(record)
        }

    def _read(self) -> tuple[Mapping[str, Any], tuple[ShardRecord, ...]]:
        """What was written; nothing where that is missing or damaged: it is then made anew."""
        try:
            state: Any = read_json(self.folder / STATE)
            return state, _RECORDS.validate_python(state["shards"])
        except (InputError, ValidationError, TypeError, KeyError):
            return {}, ()

    def _is_whole(self, record: ShardRecord) -> bool:
        """Whether the shard is there, and is to the byte what was made."""
        try:
            return sha256_of(self.folder / record.file) == record.sha256
        except InputError:
            return False


def _listed(keys: Sequence[str], values: Mapping[str, Any]) -> str:
    texts = (f"{key}: {json.dumps(values.get(key))}" for key in keys)
    return ", ".join(text if len(text) <= 200 else f"{text[:200]}…" for text in texts)
