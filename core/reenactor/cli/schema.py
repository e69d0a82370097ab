"""`reenactor schema`: what an editor needs to complete and check specs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from reenactor.catalog.schema import spec_schema
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.session import Overwrite, Session
from reenactor.errors import OutputError

app = command_app()


@app.command()
def schema(
    context: Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file to write, instead of stdout.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Write the JSON schema of specs, with the options of all installed components.

    An editor with YAML support finds it by a first line in the spec:
    `# yaml-language-server: $schema=reenactor.schema.json`
    """
    session = Session(context)
    text = json.dumps(spec_schema(session.catalog), indent=2) + "\n"
    if output is None:
        session.write(text)
        return
    from reenactor.media.outputs import require_free  # a spec's editor need not wait for it

    require_free([output], overwrite=overwrite)
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"the schema cannot be written: {error.strerror}", given=str(output)
        ) from error
    session.say(f"wrote {output}")
