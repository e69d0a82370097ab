"""The schema of `answers.sqlite`, and checks of a file against it."""

import sqlite3
from contextlib import closing

VERSION = 1

_TABLES = """
CREATE TABLE study (identity TEXT NOT NULL);
CREATE TABLE participant (
    number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, began TEXT NOT NULL
);
CREATE TABLE step (
    participant INTEGER NOT NULL REFERENCES participant, place INTEGER NOT NULL,
    video TEXT NOT NULL, left TEXT NOT NULL, right TEXT NOT NULL, question TEXT NOT NULL,
    again INTEGER NOT NULL, choice TEXT CHECK (choice IN ('left', 'right', 'none')), answered TEXT,
    PRIMARY KEY (participant, place)
);
"""


def create(database: sqlite3.Connection) -> None:
    """Create the tables within the open transaction."""
    for statement in _TABLES.split(";\n"):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {VERSION}")


def version_of(database: sqlite3.Connection) -> int:
    """The schema version of a file; 0 if unset."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def is_empty(database: sqlite3.Connection) -> bool:
    """Whether the database is empty."""
    return not _schema(database)


def differing(database: sqlite3.Connection) -> str:
    """The name of a table, view, index or trigger that differs from `create`, or is missing; empty
    if there is none. At most 80 characters."""
    with closing(sqlite3.connect(":memory:")) as ours:
        create(ours)
        names = sorted(name for _, name, _ in _schema(database) ^ _schema(ours))
    return names[0][:80] if names else ""


def fault(database: sqlite3.Connection) -> str:
    """The problem with the contents of the tables, or an empty string. Checks indexes and foreign
    keys."""
    (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        return str(said)
    if database.execute("PRAGMA foreign_key_check").fetchone():
        return "it has answers without a row in the table `participant`"
    alone = "SELECT number FROM participant WHERE number NOT IN (SELECT participant FROM step)"
    if gone := database.execute(alone).fetchone():
        return f"the steps of participant {gone[0]} are gone"
    return ""


def _schema(database: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """Type, name and SQL of all objects, without SQLite's own tables."""
    rows = database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    return {(str(kind), str(name), " ".join(str(sql).split())) for kind, name, sql in rows}
