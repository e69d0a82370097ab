"""`reenactor schema`: what an editor needs to complete and check specs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from reenactor.catalog.schema import spec_schema
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.session import Overwrite, Session

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

    An editor with YAML support uses it if the first line of the spec is:
    `# yaml-language-server: $schema=reenactor.schema.json`
    """
    session = Session(context)
    text = json.dumps(spec_schema(session.catalog), indent=2) + "\n"
    if output is None:
        session.write(text)
        return
    from reenactor.media.files import write_bytes  # not needed without --output
    from reenactor.media.lock import locked
    from reenactor.media.outputs import require_free

    require_free([output], overwrite=overwrite)
    with locked(output):
        write_bytes(output, text.encode())
    session.say(f"wrote {output}")
