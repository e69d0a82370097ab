"""`reenactor run`: a photo and a driving video become a video."""

import json
from pathlib import Path
from typing import Annotated

import typer

from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.session import AsJson, Overrides, Overwrite, Session, Threads
from reenactor.errors import UsageError
from reenactor.options import MAX_SEED
from reenactor.pipeline.report import Report

app = command_app()

Target = Annotated[Path, typer.Option("--target", "-t", help="A photo of one person.")]
Driver = Annotated[
    Path, typer.Option("--driver", "-d", help="A video of a dancer, or a .motion file.")
]
Output = Annotated[
    Path,
    typer.Option("--output", "-o", help=".mp4, .webm or .mov, a folder, or frames/%06d.png."),
]
SpecOption = Annotated[
    str, typer.Option("--spec", metavar="SPEC", help="A spec's name or YAML file.")
]
Background = Annotated[
    str | None,
    typer.Option(help="driver, target, transparent, a colour, or a picture, folder or video."),
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps …")]
Seed = Annotated[
    int, typer.Option(min=0, max=MAX_SEED, help="The same seed gives the same frames.")
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        "--extra", "-x", help="Another video beside it: parsing, mask, skeleton or beside."
    ),
]
Start = Annotated[float, typer.Option(min=0, help="Begin at this second of the driver.")]
Stop = Annotated[float | None, typer.Option(min=0, help="End before this second of the driver.")]
Subject = Annotated[
    str | None,
    typer.Option(
        help="Who dances, where several people do: largest, a number of `reenactor analyze`'s "
        "sheet, {point: [x, y]} or {box: [x0, y0, x1, y1]}."
    ),
]
Preview = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Make only a picture of N frames, spread over the dance."
    ),
]
Certificate = Annotated[
    Path | None,
    typer.Option(
        help="Sign what is made (C2PA): a PEM file with your certificate and those above it."
    ),
]
PrivateKey = Annotated[
    Path | None, typer.Option(help="The certificate's private key, a PEM file without password.")
]


@app.command()
def run(
    context: Context,
    target: Target,
    driver: Driver,
    output: Output,
    spec: SpecOption = "default",
    overrides: Overrides = None,
    background: Background = None,
    subject: Subject = None,
    extra: Extra = None,
    start: Start = 0.0,
    stop: Stop = None,
    preview: Preview = None,
    device: Device = "auto",
    threads: Threads = 1,
    seed: Seed = 0,
    overwrite: Overwrite = False,
    certificate: Certificate = None,
    private_key: PrivateKey = None,
    as_json: AsJson = False,
) -> None:
    """Let the person of a photo perform the dance of a video.

    A run that was interrupted goes on where it stopped: give the same command again. Beside the
    output stands OUTPUT.json, which tells what was used, how long it took, and in which frames
    nobody was found.
    """
    from reenactor import api
    from reenactor.media.credentials import Credentials

    session = Session(context, as_json)
    changes = [*(overrides or ())]
    if background is not None:
        changes.append(f"background={quoted(background)}")
    if subject is not None:
        changes.append(f"motion.subject={subject}")
    if (certificate is None) != (private_key is None):
        raise UsageError("signing takes both", expected="--certificate and --private-key")
    credentials = None
    if certificate is not None and private_key is not None:
        credentials = Credentials(certificate, private_key)
    setup = session.setup(device, threads, seed)
    if preview is not None:
        picture = api.preview_of(
            setup,
            target,
            driver,
            output,
            preview,
            spec,
            changes,
            start,
            stop,
            overwrite,
            session.progress,
            credentials,
        )
        _answer(session, as_json, {"preview": str(picture)}, f"{picture}")
        return
    try:
        report = api.reenact(
            setup,
            target,
            driver,
            output,
            spec,
            changes,
            extra or (),
            start,
            stop,
            overwrite,
            session.progress,
            credentials,
        )
    except KeyboardInterrupt:
        session.note("interrupted: the same command goes on behind the last finished segment")
        raise
    _answer(session, as_json, report.as_json(), said(report))


def said(report: Report) -> str:
    """What a finished run is told with."""
    seconds = sum(report.wall.values())
    done = report.frames - report.resumed_at
    lines = [f"{report.outputs[0]}: {report.frames} frames in {seconds:.1f} s"]
    if report.resumed_at:
        lines[0] += f" ({report.resumed_at} were there from an interrupted run, {done} are new)"
    if report.absent:
        lines.append(
            f"the dancer was not found in {len(report.absent)} frames: they show the background"
        )
    lines += [f"beside it: {path}" for path in report.outputs[1:]]
    return "\n".join(lines)


def _answer(session: Session, as_json: bool, document: object, text: str) -> None:
    if as_json:
        session.answer(document)
    else:
        session.console.print(text, markup=False, soft_wrap=True)


def quoted(background: str) -> str:
    """A background as YAML: a mapping stays one, everything else is a text, whatever it holds."""
    if background.startswith("{"):
        return background
    text = json.dumps(background, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()  # bytes of a name that are not UTF-8
