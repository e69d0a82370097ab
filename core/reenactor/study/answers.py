"""`answers.sqlite`: who takes part, what each is shown, and what each answered.

Every answer is one transaction on the disk before the participant hears of it. A step can be
answered once, and only when all before it are: a double click, a reload, the back button or two
windows with one link change nothing. Each call has its own connection, so threads and processes
may work at the same time.
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
"""Seconds to wait for another who writes."""


class Preference(StrEnum):
    """What can be answered."""

    LEFT = "left"
    RIGHT = "right"
    NONE = "none"


@dataclass(frozen=True)
class Answer:
    """A step, and what participant `number` answered; None where it is not answered yet."""

    number: int
    place: int
    step: Step
    choice: Preference | None
    answered: str

    @property
    def preferred(self) -> str:
        """The method that was chosen; nothing where none was."""
        if self.choice is Preference.LEFT:
            return self.step.left
        return self.step.right if self.choice is Preference.RIGHT else ""


def _as_time(text: str) -> str:
    """Refuse what is no point in time."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time without a zone")
    return text


_Time = Annotated[str, AfterValidator(_as_time)]
_ROWS = TypeAdapter(
    list[tuple[int, int, str, str, str, str, bool, Preference | None, _Time | None]],
)
"""What is read of a step: number, place, video, left, right, question, again, choice, answered."""

_MACHINE = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip
"""Errors of disk, rights and others who write; whatever else happens, the file is damaged."""


class Answers:
    """The answers of one study."""

    def __init__(self, path: Path, create: bool = True) -> None:
        """Open them, or begin them.

        Raises:
            InputError: there are none and `create` is false, or the file is damaged or something
                else.
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
        """Eight characters that tell this study from others."""
        with self._open() as database:
            rows = database.execute("SELECT identity FROM study").fetchall()
        if len(rows) != 1 or not re.fullmatch("[0-9a-f]{8}", str(rows[0][0])):
            raise self._damaged("it does not say which study it is of")
        return str(rows[0][0])

    def begin(self, plan: Callable[[int], Sequence[Step]]) -> str:
        """Take in a participant and give the token of their link.

        `plan` gives the steps by the participant's number, which counts from 0.
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
        """A participant's steps in order; none where nobody has this token."""
        return self._answers("WHERE token = ?", token)

    def answer(self, token: str, place: int, choice: Preference) -> bool:
        """Store an answer; whether it counts, that is, whether it was this step's turn."""
        with self._writing() as database:
            changed = database.execute(
                "UPDATE step SET choice = ?, answered = ? WHERE place = ? AND (participant, place) "
                "= (SELECT number, min(place) FROM participant JOIN step ON participant = number "
                "WHERE token = ? AND choice IS NULL)",
                (str(choice), _now(), place, token),
            )
            return changed.rowcount == 1

    def all(self) -> list[Answer]:
        """Every step of everybody, answered or not."""
        return self._answers("")

    def _answers(self, where: str, *values: str) -> list[Answer]:
        query = (
            "SELECT number, place, video, left, right, question, again, choice, answered "  # noqa: S608
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
        """Everybody's steps count from 0, and are answered one after the other."""
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
        """Whether the tables are there; not where the file is empty.

        Nothing else may be: a view in place of a table, a trigger or a generated column is a
        program, which may never end.
        """
        version = tables.version_of(database)
        if version == 0 and tables.is_empty(database):
            return False
        if version != tables.VERSION:
            raise InputError(
                "these are no answers of this version",
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
            expected="the answers as `reenactor study serve` keeps them",
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
                database.execute("BEGIN")  # both of what it reads are of one moment
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
                advice="check that you may write there, and that the disk is a local one",
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone."""
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
