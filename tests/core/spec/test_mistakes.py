import json
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from reenactor.options import Options
from reenactor.spec import Position, Problem, Source
from reenactor.spec.mistakes import as_given, fields_at, mistakes


class Inner(Options):
    radius: float = 1.0


class Example(Options):
    """Everything that an option may be."""

    count: int = Field(default=3, ge=1, lt=10, description="how many")
    rate: float = 0.5
    mode: Literal["fast", "exact"] = "fast"
    flag: bool = False
    weights: Path | None = None
    either: int | bool = 1
    inner: Inner = Inner()
    several: tuple[Inner, ...] = ()
    name: str = Field(default="abc", min_length=2, pattern="^[a-z]+$")
    needed: int = Field(description="something that must be given")

    @field_validator("rate")
    @classmethod
    def _no_half(cls, value: float) -> float:
        if value == 0.25:
            raise ValueError("a quarter brings bad luck")
        return value


def found(**values: object) -> dict[str, Problem]:
    data = {"needed": 1, **values}
    with pytest.raises(ValidationError) as caught:
        Example.model_validate_json(json.dumps(data), strict=True)
    root = Position("a.yaml", Path(), 1, 1)
    problems = mistakes(caught.value, Example, data, Source(root), ("parser",))
    return {".".join(map(str, problem.field)): problem for problem in problems}


@pytest.mark.parametrize(
    ("values", "field", "problem", "expected"),
    [
        ({"count": "3"}, "count", "wrong type", "a whole number"),
        ({"count": 2.5}, "count", "wrong type", "a whole number"),
        ({"count": True}, "count", "wrong type", "a whole number"),
        ({"count": 0}, "count", "out of range", "at least 1"),
        ({"count": 10}, "count", "out of range", "less than 10"),
        ({"rate": "x"}, "rate", "wrong type", "a number"),
        ({"flag": 1}, "flag", "wrong type", "true or false"),
        ({"mode": "fsat"}, "mode", "invalid value", "'fast' or 'exact'"),
        ({"weights": 3}, "weights", "wrong type", "text"),
        ({"inner": 3}, "inner", "wrong type", "keys and values"),
        ({"inner": {"radius": "x"}}, "inner.radius", "wrong type", "a number"),
        ({"several": [{}, {"radius": []}]}, "several.1.radius", "wrong type", "a number"),
        ({"several": {}}, "several", "wrong type", "a list"),
        ({"name": "a"}, "name", "out of range", "at least 2 characters"),
        ({"name": "A1"}, "name", "out of range", "text like ^[a-z]+$"),
        ({"either": "x"}, "either", "wrong type", "a whole number or true or false"),
    ],
)
def test_what_is_said(values: dict[str, object], field: str, problem: str, expected: str) -> None:
    (only,) = found(**values).items()
    assert only[0] == f"parser.{field}"
    assert (only[1].problem, only[1].expected) == (problem, expected)


def test_a_missing_option_says_what_it_is() -> None:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate_json("{}", strict=True)
    root = Position("a.yaml", Path(), 1, 1)
    (problem,) = mistakes(caught.value, Example, {}, Source(root), ("parser",))
    assert problem.problem == "missing"
    assert problem.expected == "something that must be given"


def test_a_misspelt_option_is_one_mistake_with_the_right_word() -> None:
    (problem,) = found(cuont=1).values()
    assert problem.advice == "did you mean 'count'?"
    (problem,) = found(inner={"radus": 1}).values()
    assert problem.field == ("parser", "inner", "radus")
    assert problem.advice == "did you mean 'radius'?"
    assert problem.expected == "radius"


def test_a_validators_own_words() -> None:
    (problem,) = found(rate=0.25).values()
    assert problem.problem == "invalid value: a quarter brings bad luck"


def test_near_words_help_with_values_too() -> None:
    assert found(mode="exakt")["parser.mode"].advice == "did you mean 'exact'?"


def test_fields_at_a_place_that_is_no_model() -> None:
    assert dict(fields_at(Example, ("count",))) == {}
    assert list(fields_at(Example, ("several", 3))) == ["radius"]
    assert issubclass(Example, BaseModel)


def test_long_values_are_shortened() -> None:
    assert as_given(None) == "nothing"
    assert as_given(True) == "true"
    assert len(as_given("x" * 500)) == 80
