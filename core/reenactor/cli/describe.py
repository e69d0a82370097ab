"""How components and findings are shown."""

from typing import Any

from pydantic.fields import FieldInfo

from reenactor.catalog import Catalog, Entry, Finding, options_model
from reenactor.cli.console import plain_table
from reenactor.cli.session import Session
from reenactor.errors import PluginError


def catalog_json(catalog: Catalog) -> dict[str, Any]:
    """Everything that is installed, for a program."""
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
                "role": str(entries[0].info.role),
                "name": entries[0].info.name,
                "providers": [str(entry.provider) for entry in entries],
            }
            for entries in catalog.conflicts()
        ],
        "blocked": [str(provider) for provider in catalog.blocked],
    }


def component_json(entry: Entry, options: bool = False) -> dict[str, Any]:
    """A component for a program; with the JSON schema of its options where asked for."""
    info = entry.info
    document: dict[str, Any] = {
        "role": str(info.role),
        "name": info.name,
        "summary": info.summary,
        "licence": info.licence,
        "paper": info.paper,
        "needs": sorted(info.needs),
        "provides": sorted(info.provides),
        "weights": [weight.name for weight in info.weights],
        "provider": str(entry.provider),
    }
    if options:
        document["options"] = options_model(info).model_json_schema()
    return document


def describe_component(session: Session, entry: Entry) -> None:
    """Print all that is known of a component."""
    info, say = entry.info, session.console.print
    say(f"[bold]{info.role}/{info.name}[/bold]: {info.summary}")
    facts = plain_table("", "")
    facts.show_header = False
    facts.add_row("  from", str(entry.provider))
    facts.add_row("  licence", info.licence)
    for label, values in (("needs", info.needs), ("provides", info.provides)):
        if values:
            facts.add_row(f"  {label}", ", ".join(sorted(values)))
    if info.paper:
        facts.add_row("  paper", info.paper)
    for weight in info.weights:
        terms = "" if weight.commercial else ", not for commercial use"
        facts.add_row(
            "  weights",
            f"{weight.name} ({weight.size / 1e6:.1f} MB, {session.store.state(weight)}; "
            f"{weight.licence}{terms}; {weight.origin})",
        )
    say(facts)
    _options(session, entry)


def _options(session: Session, entry: Entry) -> None:
    try:
        fields = options_model(entry.info).model_fields
    except PluginError as error:
        session.console.print(str(error), markup=False)
        return
    if not fields:
        session.console.print("  no options\n")
        return
    table = plain_table("  option", "type", "default", "meaning")
    for name, field in fields.items():
        table.add_row(f"  {name}", _type(field), _default(field), field.description or "")
    session.console.print(table)
    session.console.print()


def _type(field: FieldInfo) -> str:
    annotation = field.annotation
    shown = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return shown.replace("typing.", "").replace("pathlib.", "")


def _default(field: FieldInfo) -> str:
    return "required" if field.is_required() else str(field.get_default(call_default_factory=True))


def describe_finding(session: Session, finding: Finding) -> None:
    """Print one finding of the doctor."""
    session.console.print(
        f"{'broken' if finding.problem else 'sound ':6} {finding.provider}: {finding.what}"
        + (f": {finding.problem}" if finding.problem else ""),
        markup=False,
    )
    if finding.problem and finding.details:
        indented = "\n".join(f"    {line}" for line in finding.details.splitlines())
        session.console.print(indented, markup=False)
