"""The store: an answer counts once, in its turn, and stays."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reenactor.errors import InputError, OutputError
from reenactor.study.answers import Answers, Preference
from reenactor.study.plan import Step

STEPS = [Step(f"v{i}", "ours", "warp", "?") for i in range(3)]


def plan(number: int) -> list[Step]:
    del number
    return STEPS


def test_an_answer_counts_once_and_in_its_turn(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.sqlite")
    token = answers.begin(plan)
    assert not answers.answer(token, 1, Preference.LEFT)  # 0 comes first
    assert answers.answer(token, 0, Preference.LEFT)
    assert not answers.answer(token, 0, Preference.RIGHT)  # a double click, the back button
    assert not answers.answer("x" * 22, 1, Preference.LEFT)
    assert not answers.answer(token, 99, Preference.LEFT)
    assert [one.choice for one in answers.of(token)] == [Preference.LEFT, None, None]
    assert [one.preferred for one in answers.of(token)] == ["ours", "", ""]


def test_answers_are_there_for_the_next_process(tmp_path: Path) -> None:
    first = Answers(tmp_path / "answers.sqlite")
    token = first.begin(plan)
    first.answer(token, 0, Preference.RIGHT)
    second = Answers(tmp_path / "answers.sqlite")
    assert second.identity == first.identity
    assert second.of(token)[0].preferred == "warp"
    assert second.answer(token, 1, Preference.NONE)
    assert first.of(token)[1].choice is Preference.NONE


def test_it_is_a_write_ahead_log(tmp_path: Path) -> None:
    Answers(tmp_path / "answers.sqlite")
    with sqlite3.connect(tmp_path / "answers.sqlite") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_many_at_once(tmp_path: Path) -> None:
    """Sixteen people begin at once and click twice: sixteen numbers, and an answer each."""
    answers = Answers(tmp_path / "answers.sqlite")
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda _: answers.begin(plan), range(16)))
        clicks = list(pool.map(lambda t: answers.answer(t, 0, Preference.LEFT), tokens * 2))
    assert sum(clicks) == 16
    given = [one for one in answers.all() if one.choice]
    assert sorted(one.number for one in given) == list(range(16))


def test_a_failing_plan_leaves_nobody(tmp_path: Path) -> None:
    answers = Answers(tmp_path / "answers.sqlite")

    def broken(number: int) -> list[Step]:
        raise ZeroDivisionError(number)

    with pytest.raises(ZeroDivisionError):
        answers.begin(broken)
    assert answers.all() == []
    answers.begin(plan)
    assert {one.number for one in answers.all()} == {0}


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nobody has taken part"):
        Answers(tmp_path / "answers.sqlite", create=False)
    (tmp_path / "text").write_text("no database, " * 99, "utf-8")
    with pytest.raises(InputError, match="is damaged"):
        Answers(tmp_path / "text")
    with pytest.raises(OutputError, match="cannot be used"):
        Answers(tmp_path)
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE step (x)")
    other.commit()
    other.close()
    with pytest.raises(InputError, match="not a database of answers"):
        Answers(tmp_path / "other")


def harmed(path: Path, statement: str) -> None:
    """Change a store behind its back; with no regard to what its tables allow."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.execute(statement)
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE step SET choice = 'both'",
        "UPDATE step SET choice = 7",
        "UPDATE step SET answered = 'yesterday'",
        "UPDATE step SET answered = '2020-01-01T00:00:00'",
        "UPDATE step SET answered = 1700000000",
        "UPDATE step SET place = 'first' WHERE place = 0",
        "UPDATE step SET video = x'ff00'",
        "UPDATE step SET left = CAST(x'ff' AS TEXT)",
        "UPDATE step SET again = 'perhaps'",
        "DROP TABLE step",
        # What a join, or a count, would not miss.
        "DELETE FROM participant",
        "UPDATE participant SET number = 5",
        "UPDATE step SET participant = 'nobody'",
        "DELETE FROM step",
        "DELETE FROM step WHERE place = 1",
        "DELETE FROM step WHERE place = 0",
        "UPDATE step SET place = place + 7",
        "UPDATE step SET answered = NULL",
        "UPDATE step SET choice = NULL",
        "UPDATE step SET choice = 'left', answered = '2020-01-01T00:00:00Z' WHERE place = 2",
        # What is a program, or not ours.
        "CREATE VIEW more AS SELECT 1",
        "CREATE TRIGGER more AFTER UPDATE ON step BEGIN DELETE FROM step; END",
        "CREATE INDEX more ON step (hex(zeroblob(1000)))",
        "CREATE VIRTUAL TABLE more USING fts5(x)",
        "ALTER TABLE step ADD COLUMN more AS (hex(zeroblob(1000)))",
        "ALTER TABLE step DROP COLUMN answered",
        "ALTER TABLE step RENAME COLUMN left TO links",
        "CREATE TABLE more (x)",
    ],
)
def test_answers_that_are_none_are_told(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "answers.sqlite"
    answers = Answers(path)
    answers.answer(answers.begin(plan), 0, Preference.LEFT)
    harmed(path, statement)
    with pytest.raises(InputError, match="is damaged") as caught:
        Answers(path).all()
    assert "restore a copy" in caught.value.advice


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT"
VIEWS = {
    "participant": f"{ENDLESS} i AS number, '' AS token, '' AS began FROM n",
    "step": f"{ENDLESS} 0 AS participant, i AS place, '' AS video, '' AS left, '' AS right, "
    "'' AS question, 0 AS again, NULL AS choice, NULL AS answered FROM n",
    "study": f"{ENDLESS} i AS identity FROM n",
}


@pytest.mark.parametrize("table", VIEWS)
def test_a_view_in_place_of_a_table_is_refused(tmp_path: Path, table: str) -> None:
    path = tmp_path / "answers.sqlite"
    answers = Answers(path)
    token = answers.begin(plan)
    database = sqlite3.connect(path)
    database.executescript(f"DROP TABLE {table}; CREATE VIEW {table} AS {VIEWS[table]};")
    database.close()
    for use in (lambda: Answers(path), answers.all, lambda: answers.of(token)):
        with pytest.raises(InputError, match=f"is damaged(.|\n)*{table}"):
            use()


def test_an_index_without_a_row_is_told(tmp_path: Path) -> None:
    """Queries by index would miss it; the table's own rows are all there."""
    path = tmp_path / "answers.sqlite"
    Answers(path).begin(plan)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA writable_schema = ON")
    database.execute("DELETE FROM sqlite_master WHERE name = 'sqlite_autoindex_participant_1'")
    database.close()
    with pytest.raises(InputError, match="is damaged"):
        Answers(path)


def test_the_database_of_another_program_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    database = sqlite3.connect(path)
    database.executescript("CREATE TABLE theirs (x); PRAGMA user_version = 1;")
    database.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="is damaged"):
        Answers(path)
    assert path.read_bytes() == before


def test_a_store_without_its_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    answers = Answers(path)
    for statement in (
        "INSERT INTO study VALUES ('0123abcd')",
        "UPDATE study SET identity = 'a; Path=/'",
        "DELETE FROM study",
    ):
        harmed(path, statement)
        with pytest.raises(InputError, match="is damaged"):
            _ = answers.identity


def test_a_torn_store_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    answers = Answers(path)
    for _ in range(200):
        answers.begin(plan)
    harmed(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    assert len(content) > 8 * 4096
    for damaged in (content[: 5 * 4096], content[: 4 * 4096] + bytes(4096) + content[5 * 4096 :]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="is damaged"):
            Answers(path)
