from pathlib import Path

import pytest

from reenactor.spec import Kind, Position, Problem, SpecMistakesError
from reenactor.spec.problem import in_order

HERE = Position("a.yaml", Path(), 2, 3)


def test_exit_codes_follow_the_kinds_of_mistakes() -> None:
    spec = Problem("x", HERE)
    weights = Problem("x", HERE, kind=Kind.WEIGHTS)
    plugin = Problem("x", HERE, kind=Kind.PLUGIN)
    note = Problem("x", HERE, kind=Kind.NOTE)
    assert SpecMistakesError([spec]).exit_code == 4
    assert SpecMistakesError([weights, note]).exit_code == 5
    assert SpecMistakesError([plugin]).exit_code == 6
    assert SpecMistakesError([plugin, weights]).exit_code == 4
    with pytest.raises(ValueError, match="no mistakes"):
        SpecMistakesError([note])


def test_how_it_reads() -> None:
    problem = Problem("is wrong", HERE, ("output", "height"), "5", "6", "7")
    assert str(problem) == (
        "a.yaml:2:3: output.height: is wrong\n  given:    5\n  expected: 6\n  try:      7"
    )
    assert problem.as_json() == {
        "kind": "spec",
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "field": "output.height",
        "problem": "is wrong",
        "given": "5",
        "expected": "6",
        "advice": "7",
    }


def test_order_is_that_of_the_file_with_what_has_no_line_last() -> None:
    late, early = Problem("late", Position("a", Path(), 5, 1)), Problem("early", HERE)
    nowhere = Problem("nowhere", Position("override", Path()))
    assert in_order([nowhere, late, early]) == [early, late, nowhere]


def test_thousands_of_mistakes_are_counted_and_not_all_written_out() -> None:
    problems = [Problem(f"mistake {number}", HERE) for number in range(3000)]
    error = SpecMistakesError(problems)
    text = str(error)
    assert text.startswith("3000 mistakes\n")
    assert "mistake 0" in text
    assert text.endswith("\nand 2950 more")
    assert len(error.problems) == 3000
