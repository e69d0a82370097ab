"""The tables that a report writes."""

import csv
import io
import json

from reenactor.study.answers import Answer, Preference
from reenactor.study.plan import Step
from reenactor.study.proportions import proportion_of
from reenactor.study.report import answers_csv, as_csv, as_json, as_markdown, preference_table
from reenactor.study.tally import Counted, Tally

PEOPLE = [(3, 3)] * 47 + [(2, 3)] * 3  # 147 of 150, as the paper's first row


def made(reference: str | None = "ours") -> Tally:
    counted = (
        Counted("Which?", "ours", "fsV2V|a", "", proportion_of(PEOPLE)),
        Counted("Which?", "ours", "fsV2V|a", "v0", proportion_of([(1, 1), (0, 1)], 2)),
        Counted("Which?", "ours", "spt", "", proportion_of([])),
    )
    methods = ("ours", "fsV2V|a", "spt")
    return Tally(
        "Dances", reference, methods, counted, 50, 50, 49, False, proportion_of(PEOPLE), None, 7.25
    )


def test_the_papers_column() -> None:
    lines = preference_table(made(), "Which?").splitlines()
    assert lines[0].startswith("| Method | Human Preference | 95 %, answers |")
    assert lines[2].startswith("| fsV2V\\|a | 0.98 | 0.94 … 0.99 | ")
    assert lines[2].endswith(" | 150 | 0 | 50 |")
    assert lines[3] == "| spt | — | — | — | 0 | 0 | 0 |"
    assert lines[4].startswith("| **ours** | - |")


def test_without_a_reference_both_are_named() -> None:
    assert "| ours over spt | — |" in preference_table(made(None), "Which?")


def test_markdown_says_how_many() -> None:
    text = as_markdown(made())
    assert "50 participants began, 49 finished" in text
    assert "| v0 | ours over fsV2V\\|a | 0.50 | 0.09 … 0.91 | 0.00 … 1.00 | 2 | 2 | 2 |" in text
    assert "fewer than 20 participants" in text  # of spt
    assert "within 7.2 s" in text
    assert all(line.count("|") > 3 for line in text.splitlines() if line.startswith("|"))


def test_json_is_plain() -> None:
    document = json.loads(json.dumps(as_json(made()), allow_nan=False))
    first = document["preferences"][0]
    assert (first["share"], first["count"], first["participants"]) == (0.98, 150, 50)
    assert first["video"] is None
    assert len(first["wilson"]) == len(first["by_participant"]) == 2
    assert document["alike"] is None


def test_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(made()))))
    assert [row["video"] for row in rows] == ["", "v0", ""]
    assert rows[0]["share"] == "0.98"
    assert rows[2]["share"] == rows[2]["wilson_low"] == ""
    step = Step("v,0", "ours", "spt", "Which?")
    given = [Answer(0, 0, step, Preference.RIGHT, "now"), Answer(0, 1, step, None, "")]
    (row,) = csv.DictReader(io.StringIO(answers_csv(given)))
    assert (row["video"], row["choice"], row["preferred"]) == ("v,0", "right", "spt")
