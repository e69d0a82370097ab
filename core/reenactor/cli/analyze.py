"""`reenactor analyze`: find the dancer of a driving video and save their motion."""

from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.run import Device, Precision, SpecOption, Subject
from reenactor.cli.session import AsJson, Overrides, Session, Threads

app = command_app()


@app.command()
def analyze(
    context: Context,
    video: Annotated[Path, typer.Argument(metavar="VIDEO", help="A video of a dancer.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="The motion file; by default VIDEO.motion beside the video."
        ),
    ] = None,
    spec: SpecOption = "default",
    overrides: Overrides = None,
    subject: Subject = None,
    device: Device = "auto",
    precision: Precision = "auto",
    threads: Threads = 1,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing motion file.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find everybody in a driving video, choose the dancer, and save their motion.

    Writes a motion file, which `reenactor run --driver` accepts instead of the video, and a sheet
    that shows the dancer in green and everybody else in orange, with their numbers.
    """
    from reenactor import api

    session = Session(context, as_json)
    changes = [*(overrides or ())]
    if subject is not None:
        changes.append(f"motion.subject={subject}")
    setup = session.setup(device, threads, precision=precision)
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
        f"{found.sheet}: shows who was found",
    ]
    if found.people > 1:
        lines.append(f"{found.people} people were found; choose another one with --subject NUMBER")
    session.console.print("\n".join(lines), markup=False, soft_wrap=True)
