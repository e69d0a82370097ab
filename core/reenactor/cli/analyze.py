"""`reenactor analyze`: watch a driving video once, and save the dance."""

from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.run import Device, SpecOption, Subject
from reenactor.cli.session import AsJson, Overrides, Session, Threads

app = command_app()


@app.command()
def analyze(
    context: Context,
    video: Annotated[Path, typer.Argument(metavar="VIDEO", help="A video of a dancer.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The motion file (else VIDEO.motion, beside it)."),
    ] = None,
    spec: SpecOption = "default",
    overrides: Overrides = None,
    subject: Subject = None,
    device: Device = "auto",
    threads: Threads = 1,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a motion file that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Watch a driving video once: find everybody, choose the dancer, save the dance.

    Writes a motion file, which `reenactor run --driver` takes in place of the video, and a sheet
    that shows the dancer in green and everybody else, with their numbers, in orange.
    """
    from reenactor import api

    session = Session(context, as_json)
    changes = [*(overrides or ())]
    if subject is not None:
        changes.append(f"motion.subject={subject}")
    setup = session.setup(device, threads)
    found = api.analyze(
        video,
        output,
        spec=spec,
        overrides=changes,
        overwrite=overwrite,
        setup=setup,
        progress=session.progress,
    )
    if as_json:
        session.answer(found.as_json())
        return
    lines = [
        f"{found.motion}: {found.present} of {found.frames} frames with the dancer",
        f"{found.sheet}: look who was found",
    ]
    if found.people > 1:
        lines.append(f"{found.people} people were found; another one: --subject NUMBER")
    session.console.print("\n".join(lines), markup=False, soft_wrap=True)
