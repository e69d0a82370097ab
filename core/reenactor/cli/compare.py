"""`reenactor compare`: videos side by side."""

from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.session import AsJson, Overwrite, Session
from reenactor.errors import UsageError

app = command_app()


@app.command()
def compare(
    context: Context,
    videos: Annotated[
        list[Path],
        typer.Argument(
            metavar="A B…", help="Videos; all but the first may be folders of PNG files."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=".mp4, .webm, .mov or a folder.")
    ] = Path("compare.mp4"),
    names: Annotated[
        str, typer.Option(help="Their titles, separated by commas; by default the file names.")
    ] = "",
    height: Annotated[
        int, typer.Option(min=16, max=4096, help="Height of each video in pixels.")
    ] = 540,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Show videos side by side with titles, at the first one's times and with its sound.

    A video that is shorter than the first one freezes at its end, with a label.
    """
    from reenactor.evaluation.side_by_side import NamedVideo
    from reenactor.evaluation.side_by_side import compare as write

    session = Session(context, as_json)
    called = [name.strip() for name in names.split(",")] if names else [p.stem for p in videos]
    if len(called) != len(videos):
        raise UsageError("wrong number of names", given=names, expected=f"{len(videos)} names")
    shown = [NamedVideo(name, path) for name, path in zip(called, videos, strict=True)]
    made = write(shown, output, height, overwrite, session.progress)
    if as_json:
        session.answer({"output": str(made)})
    else:
        session.say(str(made))
