"""`reenactor demo`: a first video, from files in the package."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.run import Device, Precision, SpecOption, quote_background, summary
from reenactor.cli.session import AsJson, Overrides, Overwrite, Session, Threads
from reenactor.errors import UsageError
from reenactor.resource import find_resource

app = command_app()

DANCERS = ("kofi", "vera", "arne")
"""Computer-generated people; the first one is the default."""


@dataclass(frozen=True)
class DemoFiles:
    """Files of the demo."""

    target: Path
    driver: Path
    stage: Path


def material(dancer: str = DANCERS[0]) -> DemoFiles:
    """The demo's files.

    Raises:
        UsageError: unknown dancer.
    """
    if dancer not in DANCERS:
        raise UsageError("unknown dancer", given=dancer, expected=", ".join(DANCERS))
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
    precision: Precision = "auto",
    threads: Threads = 1,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Make a first video, from files in the package.

    A computer-generated person in a single picture performs another one's dance on a stage.
    OUTPUT.beside.mp4 shows the driver and the result side by side.
    """
    from reenactor import api

    session = Session(context, as_json)
    files = material(dancer)
    behind = str(files.stage) if background == "stage" else background
    setup = session.setup(device, threads, precision=precision)
    report = api.reenact(
        files.target,
        files.driver,
        output,
        spec=spec,
        overrides=[*(overrides or ()), f"background={quote_background(behind)}"],
        extras=("beside",),
        overwrite=overwrite,
        setup=setup,
        progress=session.progress,
    )
    if as_json:
        session.answer(report.as_json())
    else:
        session.console.print(summary(report), markup=False, soft_wrap=True)
