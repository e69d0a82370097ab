"""Checks of a component's manifest and options, which need no instance."""

import pickle

from pydantic import ValidationError

from reenactor.catalog import options_model
from reenactor.catalog.build import component_class
from reenactor.catalog.manifests import ManifestError, component_of
from reenactor.catalog.torch_free import import_problem
from reenactor.roles.contract import expect
from reenactor.testing.check import Candidate, Check

LONGEST = 120
"""The most characters of a summary, which is shown in tables."""


def _manifest(candidate: Candidate) -> None:
    try:
        component_of(candidate.info)
    except ManifestError as error:
        raise AssertionError(f"  {error}") from error
    summary = candidate.info.summary
    expect("\n" not in summary, "a one-line summary", repr(summary))
    brief = len(summary) <= LONGEST and ". " not in summary
    expect(brief, f"a summary of one sentence, at most {LONGEST} characters", repr(summary))


def _options(candidate: Candidate) -> None:
    model = options_model(candidate.info)
    bare = [name for name, field in model.model_fields.items() if not field.description]
    expect(not bare, "a description of every option", f"none of {', '.join(bare)}")
    options = candidate.given_options
    expect(isinstance(options, model), f"options of type {model.__name__}", type(options).__name__)
    again = pickle.loads(pickle.dumps(options))  # noqa: S301 - our own bytes
    expect(again == options, f"the same options from a pickle: {options!r}", repr(again))
    written = options.model_dump(mode="json")
    again = model.model_validate_json(options.model_dump_json())
    expect(again == options, f"the same options from JSON: {options!r}", repr(again))
    try:
        model.model_validate({**written, "no_such_option": 1})
    except ValidationError:
        return
    raise AssertionError("  expected: an error for an unknown option\n  given:    none")


def _light(candidate: Candidate) -> None:
    module = candidate.info.options.partition(":")[0]
    problem = import_problem([module])
    expect(not problem, f"{module} not to import torch", problem)


def _class(candidate: Candidate) -> None:
    found = component_class(candidate.info)
    expect(found.__doc__, f"a docstring of {found.__name__}", "none")


CHECKS: tuple[Check, ...] = (
    Check("manifest", "the manifest is complete and valid", _manifest),
    Check("options", "options have descriptions, can be pickled and reject unknown keys", _options),
    Check("light", "the options module does not import torch", _light),
    Check("class", "the class implements its role and has a docstring", _class),
)
