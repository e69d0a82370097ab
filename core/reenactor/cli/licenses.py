"""`reenactor licenses`: the terms of everything that a spec uses."""

from reenactor.catalog import Part, examine
from reenactor.catalog.weight_checks import required_weights
from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.session import AsJson, Session, SpecArgument
from reenactor.spec import Kind, SpecMistakesError

app = command_app()


@app.command()
def licenses(context: Context, spec: SpecArgument, as_json: AsJson = False) -> None:
    """List the licences of a spec's components and of the weights that they load.

    Files that the spec names are yours: their terms are not known here.
    """
    session = Session(context, as_json)
    parts = parts_of(session, spec)
    if as_json:
        session.answer([_as_json(part) for part in parts])
        return
    table = plain_table("role", "component", "licence", "weights", "licence of the weights")
    for part in parts:
        role, name, code = str(part.info.role), part.info.name, part.info.licence
        for weight in required_weights(part):
            table.add_row(role, name, code, weight.name, weight.terms)
            role = name = code = ""
        for field, path in part.paths.items():
            table.add_row(role, name, code, path.name, f"yours to know (`{field}`)")
            role = name = code = ""
        if name:
            table.add_row(role, name, code, "", "")
    session.console.print(table)


def parts_of(session: Session, spec: str) -> tuple[Part, ...]:
    """The components that a spec uses, even if it lacks weights.

    Raises:
        SpecMistakesError: the spec has other mistakes.
    """
    examination = examine(session.catalog.draft(spec), session.catalog)
    if any(problem.kind not in (Kind.NOTE, Kind.WEIGHTS) for problem in examination.problems):
        raise SpecMistakesError(examination.problems)
    return examination.parts


def _as_json(part: Part) -> dict[str, object]:
    return {
        "role": str(part.info.role),
        "name": part.info.name,
        "licence": part.info.licence,
        "weights": [
            {
                "name": weight.name,
                "licence": weight.licence,
                "commercial": weight.commercial,
                "origin": weight.origin,
            }
            for weight in required_weights(part)
        ],
        "files": {field: str(path) for field, path in part.paths.items()},
    }
