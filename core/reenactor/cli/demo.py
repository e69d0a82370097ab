"""`reenactor demo`: a first dance, of people and to a beat that the project made itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.run import Device, SpecOption, quoted, said
from reenactor.cli.session import AsJson, Overrides, Overwrite, Session, Threads
from reenactor.errors import UsageError
from reenactor.resource import find_resource

app = command_app()

DANCERS = ("kofi", "vera", "arne")
"""Rendered people who do not exist; the first one is the default."""


@dataclass(frozen=True)
class DemoFiles:
    """Files of the demo."""

    target: Path
    driver: Path
    stage: Path


def material(dancer: str = DANCERS[0]) -> DemoFiles:
    """Where the demo's files are.

    Raises:
        UsageError: there is no such dancer.
    """
    if dancer not in DANCERS:
        raise UsageError("there is no such dancer", given=dancer, expected=", ".join(DANCERS))
    folder = Path(str(find_resource("reenactor:demo/dance.mp4"))).parent
    return DemoFiles(folder / f"{dancer}.jpg", folder / "dance.mp4", folder / "stage.mp4")


@app.command()
def demo(
    context: Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="The video to make.")] = Path(
        "reenactor-demo.mp4"
    ),
    dancer: Annotated[str, typer.Option(help=f"Who dances: {', '.join(DANCERS)}.")] = DANCERS[0],
    background: Annotated[
        str, typer.Option(help="stage, or any background of `reenactor run`.")
    ] = "stage",
    spec: SpecOption = "default",
    overrides: Overrides = None,
    device: Device = "auto",
    threads: Threads = 1,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Make a first dance; needs no file of yours.

    A rendered person from a single picture performs the dance of another one, on a stage. Beside
    the video stands OUTPUT.beside.mp4: the driver and the result side by side.
    """
    from reenactor import api

    session = Session(context, as_json)
    files = material(dancer)
    behind = str(files.stage) if background == "stage" else background
    setup = session.setup(device, threads)
    report = api.reenact(
        setup,
        files.target,
        files.driver,
        output,
        spec,
        [*(overrides or ()), f"background={quoted(behind)}"],
        extras=("beside",),
        overwrite=overwrite,
        progress=session.progress,
    )
    if as_json:
        session.answer(report.as_json())
    else:
        session.console.print(said(report), markup=False, soft_wrap=True)
