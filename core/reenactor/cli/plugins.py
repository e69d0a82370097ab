"""`reenactor plugins`: what is installed, what is broken, and creating a plugin."""

from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.describe import (
    catalog_json,
    component_json,
    dataset_json,
    describe_component,
    describe_dataset,
    describe_finding,
)
from reenactor.cli.lazy import COMMANDS, command_app, show_help
from reenactor.cli.memory import require_memory
from reenactor.cli.scaffold import new_package
from reenactor.cli.session import AsJson, Session
from reenactor.errors import PluginError, UsageError
from reenactor.manifest import Role
from reenactor.spelling import did_you_mean

app = command_app(COMMANDS["plugins"][1])
app.callback(invoke_without_command=True)(show_help)


@app.command("list")
def list_plugins(context: Context, as_json: AsJson = False) -> None:
    """List all components, specs and datasets, and broken plugins."""
    session = Session(context, as_json)
    catalog = session.catalog
    if as_json:
        session.answer(catalog_json(catalog))
        return
    table = plain_table("role", "name", "summary", "licence", "from")
    for role in Role:
        for entry in catalog.of_role(role):
            info = entry.info
            table.add_row(role, info.name, info.summary, info.licence, str(entry.provider))
    for named in sorted(catalog.specs, key=lambda entry: entry.info.name):
        table.add_row("spec", named.info.name, named.info.summary, "", str(named.provider))
    for dataset in sorted(catalog.datasets, key=lambda entry: entry.info.name):
        facts = dataset.info
        table.add_row("dataset", facts.name, facts.summary, facts.licence, str(dataset.provider))
    session.console.print(table)
    for conflict in catalog.conflicts():
        text = f"conflict: {conflict.kind} {conflict.name!r} is provided by {conflict.who}"
        session.say(text)
    for failure in catalog.failures:
        session.say(f"broken: {failure.provider}: {failure.problem}  (reenactor plugins doctor)")
    for provider in catalog.blocked:
        session.say(f"blocked: {provider}")


@app.command()
def show(
    context: Context,
    name: Annotated[
        str, typer.Argument(help="A component or dataset (NAME or ROLE/NAME), or a plugin.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show a component or dataset with its options, or what a plugin provides."""
    session = Session(context, as_json)
    role, _, wanted = name.rpartition("/")
    entries = [
        entry
        for entry in session.catalog.components
        if (entry.info.name == wanted and role in ("", entry.info.role))
        or entry.provider.distribution == name
    ]
    datasets = [
        entry
        for entry in session.catalog.datasets
        if (entry.info.name == wanted and role in ("", "dataset"))
        or entry.provider.distribution == name
    ]
    failures = [
        failure
        for failure in session.catalog.failures
        if name in (failure.provider.distribution, failure.provider.entry_point)
    ]
    if not entries and not datasets and not failures:
        known = [entry.info.name for entry in session.catalog.components]
        known += [entry.info.name for entry in session.catalog.datasets]
        raise UsageError(
            "unknown component, dataset or plugin",
            given=name,
            advice=did_you_mean(wanted, known) or "reenactor plugins list",
        )
    if as_json:
        session.answer(
            [component_json(entry, options=True) for entry in entries]
            + [dataset_json(entry, options=True) for entry in datasets]
        )
        return
    for entry in entries:
        describe_component(session, entry)
    for dataset in datasets:
        describe_dataset(session, dataset)
    for failure in failures:
        session.say(str(failure))


@app.command()
def doctor(context: Context, as_json: AsJson = False) -> None:
    """Import everything in every plugin and report what is broken, with tracebacks.

    The exit code is 6 if something is broken.
    """
    require_memory()
    # These import torch, which the other commands do without.
    from reenactor.catalog.diagnosis import diagnose
    from reenactor.training.diagnosis import diagnose_training

    session = Session(context, as_json)
    findings = [*diagnose(session.catalog), *diagnose_training(session.catalog)]
    if as_json:
        session.answer([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            describe_finding(session, finding)
    broken = [finding for finding in findings if finding.problem]
    if broken and not as_json:
        raise PluginError(f"{len(broken)} of {len(findings)} checks failed")
    if broken:
        raise typer.Exit(PluginError.exit_code)


@app.command()
def new(
    context: Context,
    name: Annotated[
        str, typer.Argument(help="The component's name: lower-case letters, digits and dashes.")
    ],
    role: Annotated[Role, typer.Option(help="The component's role.")] = Role.PARSER,
    folder: Annotated[Path, typer.Option(help="The parent of the package's folder.")] = Path(),
) -> None:
    """Create a package `reenactor-NAME` with a working component, its tests and a spec."""
    session = Session(context)
    made = new_package(name, role, folder)
    session.say(
        f"made {made}\nnext:\n  pip install -e {made}\n  pytest {made}\n"
        f"  reenactor plugins show {role}/{name}",
    )
