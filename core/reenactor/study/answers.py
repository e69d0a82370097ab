"""`answers.sqlite`: the participants, the steps each is shown, and the answers.

Every answer is committed in one transaction before the participant gets a response. A step can be
answered once, and only after all previous ones, so double clicks, reloads, the back button and
several windows are harmless. Each call opens its own connection, so threads and processes can work
concurrently.
"""

import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

from reenactor.errors import InputError, OutputError
from reenactor.study import tables
from reenactor.study.plan import Step

_WAIT = 20.0
"""Seconds to wait for another writer."""


class Preference(StrEnum):
    """The possible answers."""

    LEFT = "left"
    RIGHT = "right"
    NONE = "none"


@dataclass(frozen=True)
class Answer:
    """A step and the answer of participant `number`; None if not answered yet."""

    number: int
    place: int
    step: Step
    choice: Preference | None
    answered: str

    @property
    def preferred(self) -> str:
        """The chosen method; empty if there is no preference."""
        if self.choice is Preference.LEFT:
            return self.step.left
        return self.step.right if self.choice is Preference.RIGHT else ""


def _as_time(text: str) -> str:
    """Validate an ISO time with a zone."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time without a zone")
    return text


_Time = Annotated[str, AfterValidator(_as_time)]
_ROWS = TypeAdapter(
    list[tuple[int, int, str, str, str, str, bool, Preference | None, _Time | None]],
)
"""A row: number, place, video, left, right, question, again, choice, answered."""

_MACHINE = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip
"""Errors of disk, permissions and locks; all other errors mean that the file is damaged."""


class Answers:
    """The answers of one study."""

    def __init__(self, path: Path, create: bool = True) -> None:
        """Open the database, or create it.

        Raises:
            InputError: it does not exist and `create` is false, or it is damaged or not a study's.
            OutputError: the file cannot be written.
        """
        self._path = path
        if not create and not path.is_file():
            raise InputError(
                "nobody has taken part yet", given=f"no {path}", advice="reenactor study serve"
            )
        with self._writing() as database:
            if not self._has_answers(database):
                tables.create(database)
                database.execute("INSERT INTO study VALUES (?)", (secrets.token_hex(4),))
            elif fault := tables.fault(database):
                raise self._damaged(fault)

    @property
    def identity(self) -> str:
        """Eight characters that identify this study."""
        with self._open() as database:
            rows = database.execute("SELECT identity FROM study").fetchall()
        if len(rows) != 1 or not re.fullmatch("[0-9a-f]{8}", str(rows[0][0])):
            raise self._damaged("it has no identity of a study")
        return str(rows[0][0])

    def begin(self, plan: Callable[[int], Sequence[Step]]) -> str:
        """Add a participant and return the token of their link.

        `plan` returns the steps for a participant's number, which counts from 0.
        """
        token = secrets.token_urlsafe(16)
        with self._writing() as database:
            row = database.execute("SELECT coalesce(max(number) + 1, 0) FROM participant")
            (number,) = row.fetchone()
            database.execute("INSERT INTO participant VALUES (?, ?, ?)", (number, token, _now()))
            database.executemany(
                "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                [
                    (number, place, s.video, s.left, s.right, s.question, s.again)
                    for place, s in enumerate(plan(number))
                ],
            )
        return token

    def of(self, token: str) -> list[Answer]:
        """A participant's steps in order; empty if the token is unknown."""
        return self._answers("WHERE token = ?", token)

    def answer(self, token: str, place: int, choice: Preference) -> bool:
        """Store an answer; returns whether it counts, that is, whether it is this step's turn."""
        with self._writing() as database:
            changed = database.execute(
                "UPDATE step SET choice = ?, answered = ? WHERE place = ? AND (participant, place) "
                "= (SELECT number, min(place) FROM participant JOIN step ON participant = number "
                "WHERE token = ? AND choice IS NULL)",
                (str(choice), _now(), place, token),
            )
            return changed.rowcount == 1

    def all(self) -> list[Answer]:
        """All steps of all participants, answered or not."""
        return self._answers("")

    def _answers(self, where: str, *values: str) -> list[Answer]:
        query = (
            "SELECT number, place, video, left, right, question, again, choice, answered "  # noqa: S608  # only our own SQL is joined
            f"FROM participant JOIN step ON participant = number {where} ORDER BY number, place"
        )
        with self._open() as database:
            rows = database.execute(query, values).fetchall()
        try:
            found = _ROWS.validate_python(rows)
        except ValidationError as error:
            raise self._damaged(str(error.errors(include_url=False)[0]["msg"])) from error
        answers = [
            Answer(number, place, Step(video, left, right, question, again), choice, answered or "")
            for number, place, video, left, right, question, again, choice, answered in found
        ]
        self._require_order(answers)
        return answers

    def _require_order(self, answers: Sequence[Answer]) -> None:
        """Check that the steps of each participant count from 0 and are answered in order."""
        for _, own in groupby(answers, lambda one: one.number):
            open_before = False
            for place, one in enumerate(own):
                who = f"of participant {one.number}"
                if one.place != place:
                    raise self._damaged(f"step {place} {who} is gone")
                if (one.choice is None) != (not one.answered):
                    raise self._damaged(f"step {place} {who} is half answered")
                if one.choice is not None and open_before:
                    raise self._damaged(f"step {place} {who} was answered before its turn")
                open_before = one.choice is None

    def _has_answers(self, database: sqlite3.Connection) -> bool:
        """Whether the tables exist; false for an empty file.

        No other objects are allowed: views, triggers and generated columns are programs, which
        might never end.
        """
        version = tables.version_of(database)
        if version == 0 and tables.is_empty(database):
            return False
        if version != tables.VERSION:
            raise InputError(
                "not a database of answers of this version",
                given=f"{self._path}, version {version}",
                expected=f"version {tables.VERSION}",
            )
        if differing := tables.differing(database):
            raise self._damaged(f"it has other tables, views or triggers: {differing!r}")
        return True

    def _damaged(self, why: str) -> InputError:
        return InputError(
            f"{self._path} is damaged",
            given=why,
            expected="a database written by `reenactor study serve`",
            advice="restore a copy; or move it away (and the files -wal and -shm of its name) to "
            "begin anew",
        )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)
            ) as database:
                database.execute("PRAGMA trusted_schema = OFF")
                database.execute("BEGIN")  # both reads see the same state
                self._has_answers(database)
                database.execute("COMMIT")
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                yield database
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _MACHINE:
                raise self._damaged(str(error)) from error
            raise OutputError(
                f"{self._path} cannot be used",
                given=str(error),
                advice="check that you have write permission, and that the disk is local",
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """An exclusive transaction."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
