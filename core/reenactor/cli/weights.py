"""`reenactor weights`: list, download, verify and import weights."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from reenactor.catalog.weight_checks import required_weights
from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import COMMANDS, command_app, show_help
from reenactor.cli.licenses import parts_of
from reenactor.cli.session import AsJson, Session
from reenactor.errors import UsageError, WeightsError
from reenactor.manifest import Weight
from reenactor.metrics import METRICS
from reenactor.metrics.weights import METRIC_WEIGHTS
from reenactor.spelling import did_you_mean

app = command_app(COMMANDS["weights"][1])
app.callback(invoke_without_command=True)(show_help)

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Weights by name; all by default.")
]
ForSpec = Annotated[
    str | None, typer.Option("--spec", metavar="SPEC", help="The weights that a spec needs.")
]


@app.command("list")
def list_weights(
    context: Context, names: Names = None, spec: ForSpec = None, as_json: AsJson = False
) -> None:
    """List weights: state, size and licence."""
    session = Session(context, as_json)
    weights = _chosen(session, names, spec)
    if as_json:
        session.answer([_as_json(session, weight) for weight in weights])
        return
    table = plain_table("name", "state", "size", "licence", "for")
    for weight in weights:
        users = ", ".join(_users(session, weight))
        size = f"{weight.size / 1e6:.1f} MB"
        table.add_row(weight.name, session.store.state(weight), size, weight.terms, users)
    session.console.print(table)
    session.say(f"folder: {session.store.folder}")


@app.command()
def pull(
    context: Context,
    names: Names = None,
    spec: ForSpec = None,
    everything: Annotated[
        bool, typer.Option("--all", help="The weights of all installed components.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Accept terms that do not allow commercial use."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Download missing weights and check them.

    Weights that do not allow commercial use are downloaded once you have accepted their terms:
    you are asked, or give --accept. Every weight is tried; if some fail, the exit code is 5 and
    each failure is reported.
    """
    session = Session(context, as_json)
    if not (names or spec or everything):
        raise UsageError("nothing to pull", expected="names, --spec SPEC or --all")
    failures: list[WeightsError] = []
    weights = _chosen(session, names, spec)
    restricted = [weight for weight in weights if session.store.awaits_acceptance(weight)]
    if restricted and (accept or _accepted(session, restricted)):
        session.store.accept(restricted)
    for weight in weights:
        try:
            path = session.store.path(weight)
        except WeightsError as error:
            failures.append(error)
        else:
            if not as_json:
                session.say(f"{weight.name}: {path}")
    _raise_all(failures, len(weights))
    if as_json:
        session.answer([_as_json(session, weight) for weight in weights])


@app.command()
def verify(
    context: Context, names: Names = None, spec: ForSpec = None, as_json: AsJson = False
) -> None:
    """Compare the local weights with their sha256.

    The exit code is 5 if one differs.
    """
    session = Session(context, as_json)
    here = [
        weight for weight in _chosen(session, names, spec) if session.store.find(weight) is not None
    ]
    wrong = {weight.name: session.store.verify(weight) for weight in here}
    if as_json:
        session.answer(wrong)
    else:
        for name, problem in wrong.items():
            session.say(f"{name}: {problem or 'ok'}")
    if any(wrong.values()):
        raise typer.Exit(WeightsError.exit_code)


@app.command("import")
def import_weights(
    context: Context,
    source: Annotated[Path, typer.Argument(help="A file, or a folder to search.")],
    as_json: AsJson = False,
) -> None:
    """Import weight files into the store, identified by content, not by name."""
    session = Session(context, as_json)
    known = [*session.catalog.weights(), *METRIC_WEIGHTS]
    imported = session.store.add(source, known)
    if as_json:
        session.answer(
            {
                "imported": [weight.name for weight in imported.weights],
                "refused": [{"file": str(p), "why": why} for p, why in imported.refused],
            }
        )
    else:
        for weight in imported.weights:
            session.say(f"imported {weight.name}")
        for path, why in imported.refused:
            session.note(f"{path}: {why}")
    if not imported.weights:
        raise WeightsError(
            "no known weights found",
            given=str(source),
            expected=", ".join(f"{weight.name} ({weight.file})" for weight in known) or "nothing",
            advice="reenactor weights list",
        )


def _accepted(session: Session, weights: Iterable[Weight]) -> bool:
    """Ask for the terms of weights that do not allow commercial use; no on a pipe."""
    for weight in weights:
        session.note(f"{weight.name} is not for commercial use: {weight.licence} ({weight.origin})")
    return sys.stdin.isatty() and typer.confirm("Download them under these terms?", err=True)


def _chosen(session: Session, names: list[str] | None, spec: str | None) -> list[Weight]:
    """The weights that the arguments select; by default those of all components.

    Weights of metrics are selected only by name: few evaluations need all of them.
    """
    known = [*session.catalog.weights(), *METRIC_WEIGHTS]
    chosen: list[Weight] = []
    if spec:
        chosen += _of_spec(session, spec)
    for name in names or ():
        found = [weight for weight in known if weight.name == name]
        if not found:
            every = [weight.name for weight in known]
            raise UsageError(
                "unknown weights",
                given=name,
                expected=", ".join(every) or "none",
                advice=did_you_mean(name, every),
            )
        chosen += found
    if not names and not spec:
        chosen += session.catalog.weights()
    return list({weight.key: weight for weight in chosen}.values())


def _of_spec(session: Session, spec: str) -> Iterable[Weight]:
    return [weight for part in parts_of(session, spec) for weight in required_weights(part)]


def _users(session: Session, weight: Weight) -> list[str]:
    components = [
        f"{entry.info.role}/{entry.info.name}"
        for entry in session.catalog.components
        if any(own.key == weight.key for own in entry.info.weights)
    ]
    metrics = [f"metric/{metric.name}" for metric in METRICS.values() if weight in metric.weights]
    return components + metrics


def _as_json(session: Session, weight: Weight) -> dict[str, Any]:
    return {
        "name": weight.name,
        "file": weight.file,
        "state": str(session.store.state(weight)),
        "size": weight.size,
        "sha256": weight.sha256,
        "licence": weight.licence,
        "commercial": weight.commercial,
        "origin": weight.origin,
        "components": _users(session, weight),
    }


def _raise_all(failures: list[WeightsError], tried: int) -> None:
    if len(failures) == 1:
        raise failures[0]
    if failures:
        listed = "\n".join(str(failure) for failure in failures)
        raise WeightsError(f"{len(failures)} of {tried} weights could not be downloaded\n{listed}")
