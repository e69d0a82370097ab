"""`reenactor study`: a user study of which of two videos people prefer."""

from contextlib import suppress
from fractions import Fraction
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import COMMANDS, command_app, show_help
from reenactor.cli.session import AsJson, Overwrite, Session
from reenactor.errors import UsageError

if TYPE_CHECKING:
    from reenactor.study.tally import Tally

app = command_app(COMMANDS["study"][1])
app.callback(invoke_without_command=True)(show_help)

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the study.")]


@app.command()
def new(
    context: Context,
    folder: Folder,
    method: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FOLDER", help="A method's folder of videos or frames."),
    ] = None,
    evaluation: Annotated[
        Path | None, typer.Option(help="The folder of an evaluation; adds all its methods.")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The method that is compared with every other.")
    ] = None,
    targets: Annotated[
        Path | None, typer.Option(help="Photos of the targets, shown beside the videos.")
    ] = None,
    drivers: Annotated[
        Path | None, typer.Option(help="The driving videos, shown beside the videos.")
    ] = None,
    fps: Annotated[
        float, typer.Option(min=1, max=240, help="The rate of frames without a driver.")
    ] = 25.0,
    as_json: AsJson = False,
) -> None:
    """Make a study from methods' videos, frames, or an evaluation."""
    from reenactor.study.make import StudyRequest, make_study

    session = Session(context, as_json)
    if isnan(fps):
        raise UsageError("invalid frame rate", given=str(fps), expected="1 to 240")
    rate = Fraction(fps).limit_denominator(1001)
    wanted = StudyRequest(_methods(method or []), evaluation, reference, targets, drivers, rate)
    made = make_study(folder, wanted, session.progress)
    if as_json:
        session.answer({"study": str(folder), "methods": list(made.methods), "videos": made.videos})
        return
    session.say(
        f"made {folder}: {len(made.methods)} methods, {len(made.videos)} videos\nnext:\n"
        f"  look at {folder / 'study.yaml'}\n  reenactor study serve {folder}"
    )


@app.command()
def serve(
    context: Context,
    folder: Folder,
    host: Annotated[
        str, typer.Option(help="The address to listen on; by default only this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 is any free port.")] = 8760,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A host name of a proxy in front; may be repeated."),
    ] = None,
) -> None:
    """Serve a study's pages until Ctrl-C; answers are stored immediately."""
    from reenactor.study.load import load_study
    from reenactor.study.server import StudyServer, is_loopback

    session = Session(context)
    server = StudyServer(load_study(folder), host, port, tuple(name or ()), session.progress)
    if not is_loopback(host):
        session.note(
            f"anyone who can reach {host} can see the videos and take part, without encryption; "
            "docs/study.md describes a proxy with TLS"
        )
    session.say(f"{server.address}  (stop with Ctrl-C)")
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()
    session.say(f"stopped; reenactor study report {folder}")


@app.command()
def report(
    context: Context,
    folder: Folder,
    finished: Annotated[
        bool, typer.Option("--finished", help="Count only participants who finished.")
    ] = False,
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Count the answers: `report.md`, `report.json`, `preferences.csv`, `answers.csv`."""
    from reenactor.media.files import write_bytes, write_json
    from reenactor.media.lock import locked
    from reenactor.media.outputs import require_free
    from reenactor.study.answers import Answers
    from reenactor.study.load import load_study
    from reenactor.study.report import answers_csv, as_csv, as_markdown, is_report
    from reenactor.study.report import as_json as plain
    from reenactor.study.served import missing_videos
    from reenactor.study.tally import tally

    session = Session(context, as_json)
    study = load_study(folder)
    steps = Answers(study.answers, create=False).all()
    made = tally(study, steps, finished)
    if lost := missing_videos(study, steps):
        gone = ", ".join(lost[:6])
        session.note(f"answers about videos that the study no longer has are not counted: {gone}")
    texts = {
        "report.md": as_markdown(made),
        "preferences.csv": as_csv(made),
        "answers.csv": answers_csv(steps),
    }
    files = [folder / name for name in ("report.json", *texts)]
    with locked(*files):
        # An older report is replaced with all its files.
        require_free(files, overwrite=overwrite or is_report(files[0]))
        write_json(folder / "report.json", plain(made))
        for name, text in texts.items():
            write_bytes(folder / name, text.encode())
    if as_json:
        session.answer(plain(made))
        return
    _print(session, made)
    session.say(f"{folder}: report.md, report.json, preferences.csv, answers.csv")


def _print(session: Session, made: "Tally") -> None:
    from reenactor.study.report import bounds

    session.say(f"{made.began} participants started, {made.finished} finished")
    for question in made.questions:
        session.say(f"\n{question}")
        grid = plain_table(
            "preferred", "to", "share", "95 %, answers", "95 %, participants", "n", "undecided"
        )
        for one in made.overall(question):
            share = one.share
            value = "—" if share.value is None else f"{share.value:.2f}"
            counts = (str(share.count), str(share.undecided))
            ends = (bounds(share.wilson), bounds(share.by_person))
            grid.add_row(one.first, one.second, value, *ends, *counts)
        session.console.print(grid)


def _methods(given: list[str]) -> dict[str, Path]:
    methods: dict[str, Path] = {}
    for text in given:
        name, sign, folder = text.partition("=")
        if not sign or not folder or name in methods:
            raise UsageError(
                "invalid method",
                given=text,
                expected="NAME=FOLDER, with different names",
            )
        methods[name] = Path(folder)
    return methods
