"""`reenactor check`: every mistake in a spec, before anything runs."""

from reenactor.catalog import examine
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.session import AsJson, Overrides, Session, SpecArgument
from reenactor.spec import SpecMistakesError

app = command_app()


@app.command()
def check(
    context: Context, spec: SpecArgument, overrides: Overrides = None, as_json: AsJson = False
) -> None:
    """Find every mistake in a spec before anything runs.

    It checks names, options, what components need from each other, files, weights and licences, and
    downloads nothing. The exit code is 0 for a valid spec, else 4 (5 if only weights are missing, 6
    if only plugins are).
    """
    session = Session(context, as_json)
    draft = session.catalog.draft(spec, overrides or ())
    examination = examine(draft, session.catalog, session.store)
    for note in examination.notes:
        session.note(str(note))
    if examination.plan is None:
        raise SpecMistakesError(examination.problems)
    if as_json:
        notes = [note.as_json() for note in examination.notes]
        session.answer(
            {
                "spec": draft.name,
                "spec_hash": examination.plan.spec_hash,
                "resolved": examination.plan.resolved(),
                "notes": notes,
            }
        )
    else:
        parts = ", ".join(choice.use for _, _, choice in draft.choices)
        session.say(f"{draft.name} is valid: {parts}")
