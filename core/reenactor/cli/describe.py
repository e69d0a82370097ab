"""Showing components, datasets and findings."""

from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from reenactor.catalog import Catalog, ComponentEntry, DatasetEntry, Finding, options_model
from reenactor.catalog.attribution import attributed
from reenactor.catalog.entries import printable
from reenactor.catalog.options import options_schema
from reenactor.cli.console import plain_table
from reenactor.cli.session import Session
from reenactor.errors import PluginError
from reenactor.spec.mistakes import as_given

_WORDS: dict[Any, str] = {
    int: "whole number",
    float: "number",
    bool: "true or false",
    str: "text",
    Path: "path",
    NoneType: "nothing",
}
"""Names of types for authors of specs."""


def catalog_json(catalog: Catalog) -> dict[str, Any]:
    """Everything installed, as JSON."""
    return {
        "components": [component_json(entry) for entry in catalog.components],
        "specs": [
            {
                "name": entry.info.name,
                "summary": entry.info.summary,
                "resource": entry.info.resource,
                "provider": str(entry.provider),
            }
            for entry in catalog.specs
        ],
        "datasets": [dataset_json(entry) for entry in catalog.datasets],
        "failures": [
            {
                "provider": str(failure.provider),
                "entry_point": failure.provider.entry_point,
                "problem": failure.problem,
                "traceback": failure.traceback,
            }
            for failure in catalog.failures
        ],
        "conflicts": [
            {
                "role": str(conflict.kind),
                "name": conflict.name,
                "providers": [str(provider) for provider in conflict.providers],
            }
            for conflict in catalog.conflicts()
        ],
        "blocked": [str(provider) for provider in catalog.blocked],
    }


def component_json(entry: ComponentEntry, options: bool = False) -> dict[str, Any]:
    """A component as JSON, optionally with the JSON schema of its options."""
    info = entry.info
    document: dict[str, Any] = {
        "role": str(info.role),
        "name": info.name,
        "summary": info.summary,
        "licence": info.licence,
        "paper": info.paper,
        "needs": sorted(info.needs),
        "provides": sorted(info.provides),
        "own_body": info.own_body,
        "weights": [weight.name for weight in info.weights],
        "provider": str(entry.provider),
    }
    if options:
        document["options"] = options_schema(info, entry.provider)
    return document


def dataset_json(entry: DatasetEntry, options: bool = False) -> dict[str, Any]:
    """A dataset as JSON, optionally with the JSON schema of its options."""
    info = entry.info
    document: dict[str, Any] = {
        "role": "dataset",
        "name": info.name,
        "summary": info.summary,
        "licence": info.licence,
        "paper": info.paper,
        "provider": str(entry.provider),
    }
    if options:
        document["options"] = options_schema(info, entry.provider)
    return document


def describe_dataset(session: Session, entry: DatasetEntry) -> None:
    """Print a dataset and its options."""
    info = entry.info
    session.console.print(f"dataset/{info.name}: {info.summary}", style="bold")
    facts = plain_table("", "")
    facts.show_header = False
    facts.add_row("  from", str(entry.provider))
    facts.add_row("  licence", info.licence)
    if info.paper:
        facts.add_row("  paper", info.paper)
    session.console.print(facts)
    _options(session, entry)


def describe_component(session: Session, entry: ComponentEntry) -> None:
    """Print a component and its options."""
    info = entry.info
    session.console.print(f"{info.role}/{info.name}: {info.summary}", style="bold")
    facts = plain_table("", "")
    facts.show_header = False
    facts.add_row("  from", str(entry.provider))
    facts.add_row("  licence", info.licence)
    for label, values in (("needs", info.needs), ("provides", info.provides)):
        if values:
            facts.add_row(f"  {label}", ", ".join(sorted(values)))
    if info.own_body:
        facts.add_row("  body", f"works with any body generator; its own is {info.own_body}")
    if info.paper:
        facts.add_row("  paper", info.paper)
    for weight in info.weights:
        terms = "" if weight.commercial else ", not for commercial use"
        facts.add_row(
            "  weights",
            f"{weight.name} ({weight.size / 1e6:.1f} MB, {session.store.state(weight)}; "
            f"{weight.licence}{terms}; {weight.origin})",
        )
    session.console.print(facts)
    _options(session, entry)


def _options(session: Session, entry: ComponentEntry | DatasetEntry) -> None:
    info, provider = entry.info, entry.provider
    table = plain_table("  option", "type", "default", "meaning")
    try:
        fields = options_model(info, provider).model_fields
        with attributed(f"the options of {info.name} cannot be shown", info.options, provider):
            for name, field in fields.items():
                meaning = printable(str(field.description or ""))
                default = printable(_default(field))
                table.add_row(f"  {name}", _type(field.annotation), default, meaning)
    except PluginError as error:
        session.say(str(error))
        return
    if not fields:
        session.say("  no options\n")
        return
    session.console.print(table)
    session.say("")


def _type(annotation: Any) -> str:
    """A type for authors of specs: "path or none", "'small' or 'large'"."""
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(as_given(value) for value in arguments)
    if origin in (Union, UnionType):
        return " or ".join(_type(argument) for argument in arguments)
    if origin is Annotated:
        return _type(arguments[0])
    if origin in (list, tuple, set, frozenset):
        inner = dict.fromkeys(_type(argument) for argument in arguments if argument is not ...)
        return f"list of {' and '.join(inner)}"
    return getattr(annotation, "__name__", str(annotation))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    return str(value) if isinstance(value, str | Path) else as_given(value)


def describe_finding(session: Session, finding: Finding) -> None:
    """Print a finding of `plugins doctor`."""
    session.say(
        f"{'broken' if finding.problem else 'ok':6} {finding.provider}: {finding.what}"
        + (f": {finding.problem}" if finding.problem else ""),
    )
    if finding.problem and finding.details:
        indented = "\n".join(f"    {line}" for line in finding.details.splitlines())
        session.say(indented)
