"""Translates pydantic's validation errors into spec mistakes with positions in the file."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from reenactor.spec.problem import Problem
from reenactor.spec.source import FieldPath, Source, lookup
from reenactor.spelling import did_you_mean

MISSING = "missing"
UNKNOWN_KEY = "unknown key"

_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "path_type": "a path",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "none_required": "nothing",
}
"""The expected type, by pydantic's error type."""

_BOUNDS = {
    "greater_than": ("gt", "more than {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "less than {}"),
    "less_than_equal": ("le", "at most {}"),
    "multiple_of": ("multiple_of", "a multiple of {}"),
    "too_short": ("min_length", "at least {} of them"),
    "too_long": ("max_length", "at most {} of them"),
    "string_too_short": ("min_length", "at least {} characters"),
    "string_too_long": ("max_length", "at most {} characters"),
    "string_pattern_mismatch": ("pattern", "text like {}"),
}
"""The violated constraint, by pydantic's error type: its name and its description."""


def mistakes(
    error: ValidationError,
    model: type[BaseModel],
    data: Any,
    source: Source,
    under: FieldPath = (),
) -> list[Problem]:
    """Convert pydantic's errors to mistakes, one per field.

    Args:
        error: the error that pydantic raised for `data`.
        model: the model that was validated.
        data: the values as written (may include `use`).
        source: positions of the whole spec.
        under: the field of the spec that holds `data`.
    """
    found: dict[FieldPath, Problem] = {}
    for details in error.errors(include_url=False):
        path = _field(details, data)
        problem = _problem(details, path, model, data, source, under)
        if path not in found:
            found[path] = problem
        elif problem.expected and problem.expected not in found[path].expected:
            found[path] = _either(found[path], problem)
    return list(_without_shadows(found).values())


def _without_shadows(found: dict[FieldPath, Problem]) -> dict[FieldPath, Problem]:
    """Drop a missing key if it was misspelt, so that a typo is one mistake instead of two."""
    meant = {
        (*path[:-1], problem.advice.split("'")[1])
        for path, problem in found.items()
        if problem.problem == UNKNOWN_KEY and problem.advice
    }
    return {
        path: problem
        for path, problem in found.items()
        if not (problem.problem == MISSING and path in meant)
    }


def _either(first: Problem, second: Problem) -> Problem:
    """Merge two mistakes of a value that matches none of several types."""
    expected = " or ".join(part for part in (first.expected, second.expected) if part)
    return Problem(first.problem, first.position, first.field, first.given, expected, first.advice)


def _field(details: ErrorDetails, data: Any) -> FieldPath:
    """Remove the names of forms and types from pydantic's path."""
    path: FieldPath = ()
    for part in details["loc"]:
        holder = lookup(data, path)
        inside = isinstance(holder, Mapping) and part in holder
        if isinstance(holder, list) and isinstance(part, int):
            inside = part < len(holder)
        if inside:
            path = (*path, part)
    if details["type"] == "missing":
        path = (*path, details["loc"][-1])
    return path


def _problem(
    details: ErrorDetails,
    path: FieldPath,
    model: type[BaseModel],
    data: Any,
    source: Source,
    under: FieldPath,
) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    field, last = under + path, str(path[-1]) if path else ""
    position = source.value(field)
    given = as_given(lookup(data, path))
    fields = fields_at(model, path[:-1])
    wanted = fields[last].description if last in fields else None
    if kind == "missing":
        return Problem(MISSING, source.value(field[:-1]), field, "", wanted or "a value")
    if kind == "extra_forbidden":
        known = list(fields)
        expected = ", ".join(known) or "no options"
        return Problem(
            UNKNOWN_KEY, source.key(field), field, last, expected, did_you_mean(last, known)
        )
    if kind == "mistake":
        said = {key: str(value) for key, value in context.items()}
        return Problem(
            said["problem"],
            position,
            field,
            said.get("given") or given,
            said.get("expected", ""),
            said.get("advice", ""),
        )
    if kind in ("literal_error", "enum"):
        expected = str(context["expected"])
        choices = [part.strip("'") for part in expected.replace(" or ", ", ").split(", ")]
        advice = did_you_mean(str(lookup(data, path)), choices)
        return Problem("invalid value", position, field, given, expected, advice)
    if kind in _BOUNDS:
        name, text = _BOUNDS[kind]
        expected = text.format(context.get(name))
        advice = _nearest(details["input"], context.get("multiple_of"))
        return Problem("out of range", position, field, given, expected, advice)
    if kind in _WANTED:
        return Problem("wrong type", position, field, given, _WANTED[kind])
    text = str(context["error"]) if kind == "value_error" else details["msg"]
    return Problem(f"invalid value: {text}", position, field, given, wanted or "")


def as_given(value: Any) -> str:
    """A value as YAML shows it, with text in quotes to distinguish "512" from 512."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _nearest(value: Any, step: Any) -> str:
    if not isinstance(value, int) or not isinstance(step, int):
        return ""
    return str(max(step, round(value / step) * step))


def fields_at(model: type[BaseModel], path: FieldPath) -> Mapping[str, FieldInfo]:
    """The fields of the model at this path; empty if there is no model."""
    models = [model]
    for part in path:
        if isinstance(part, int):
            continue  # an element of a list: `_models` looked through the list already
        models = [
            inner
            for outer in models
            if part in outer.model_fields
            for inner in _models(outer.model_fields[part].annotation)
        ]
    return {name: field for found in models for name, field in found.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """All models in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
