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
        typer.Argument(metavar="A B…", help="Videos; all but the first may be PNG folders."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help=".mp4, .webm, .mov or a folder.")
    ] = Path("compare.mp4"),
    names: Annotated[
        str, typer.Option(help="What they are called, with commas between (their files' names).")
    ] = "",
    height: Annotated[int, typer.Option(min=16, max=4096, help="Pixels of each video.")] = 540,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Show videos side by side, each under its name, with the first one's times and sound.

    A video that is shorter than the first stands still at its end, and says so.
    """
    from reenactor.evaluation.side_by_side import NamedVideo
    from reenactor.evaluation.side_by_side import compare as write

    session = Session(context, as_json)
    called = [name.strip() for name in names.split(",")] if names else [p.stem for p in videos]
    if len(called) != len(videos):
        raise UsageError("as many names as videos", given=names, expected=f"{len(videos)} names")
    shown = [NamedVideo(name, path) for name, path in zip(called, videos, strict=True)]
    made = write(shown, output, height, overwrite, session.progress)
    if as_json:
        session.answer({"output": str(made)})
    else:
        session.say(str(made))
