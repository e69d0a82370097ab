"""`reenactor run`: make a video from a photo and a driving video."""

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
    typer.Option(help="driver, target, transparent, a colour, picture, folder or video."),
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps …")]
Precision = Annotated[
    str,
    typer.Option(
        help="Of the networks: float32, bfloat16, or auto for bfloat16 where the device has it in "
        "hardware."
    ),
]
Seed = Annotated[
    int, typer.Option(min=0, max=MAX_SEED, help="The same seed gives the same frames.")
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        "--extra", "-x", help="Another video to write: parsing, mask, skeleton or beside."
    ),
]
Start = Annotated[float, typer.Option(min=0, help="Begin at this second of the driver.")]
Stop = Annotated[float | None, typer.Option(min=0, help="End before this second of the driver.")]
Subject = Annotated[
    str | None,
    typer.Option(
        help="The dancer among several people: largest, a number from `reenactor analyze`, "
        "{point: [x, y]} or {box: [x0, y0, x1, y1]}."
    ),
]
Preview = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Make only one picture of N frames, spread over the dance."
    ),
]
Certificate = Annotated[
    Path | None,
    typer.Option(help="Sign the outputs (C2PA): a PEM file with your certificate chain."),
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
    precision: Precision = "auto",
    threads: Threads = 1,
    seed: Seed = 0,
    overwrite: Overwrite = False,
    certificate: Certificate = None,
    private_key: PrivateKey = None,
    as_json: AsJson = False,
) -> None:
    """Make the person of a photo perform the dance of a video.

    Run the same command again to continue an interrupted run. OUTPUT.json records what was used,
    how long it took, and in which frames the dancer was not found.
    """
    from reenactor import api
    from reenactor.media.credentials import Credentials

    session = Session(context, as_json)
    changes = [*(overrides or ())]
    if background is not None:
        changes.append(f"background={quote_background(background)}")
    if subject is not None:
        changes.append(f"motion.subject={subject}")
    if (certificate is None) != (private_key is None):
        raise UsageError("incomplete credentials", expected="--certificate and --private-key")
    credentials = None
    if certificate is not None and private_key is not None:
        credentials = Credentials(certificate, private_key)
    request = api.Request(
        target=target,
        driver=driver,
        output=output,
        spec=spec,
        overrides=changes,
        extras=extra or (),
        start=start,
        stop=stop,
        overwrite=overwrite,
        credentials=credentials,
    )
    setup = session.setup(device, threads, seed, precision)
    if preview is not None:
        picture = api.preview(request, preview, setup=setup, progress=session.progress)
        _answer(session, as_json, {"preview": str(picture)}, f"{picture}")
        return
    try:
        report = api.run(request, setup=setup, progress=session.progress)
    except KeyboardInterrupt:
        session.note("interrupted: run the same command again to continue")
        raise
    _answer(session, as_json, report.as_json(), summary(report))


def summary(report: Report) -> str:
    """What to print about a finished run."""
    seconds = sum(report.wall.values())
    done = report.frames - report.resumed_at
    height, width = report.canvas
    lines = [
        f"{report.outputs[0]}: {report.frames} frames in {seconds:.1f} s, canvas {height}x{width}, "
        f"{report.fingerprint['precision']}"
    ]
    if report.memory is not None:
        lines[0] += f", {report.memory / 1e9:.1f} GB"
    if report.resumed_at:
        lines[0] += f" ({report.resumed_at} from an interrupted run, {done} new)"
    if report.absent:
        lines.append(
            f"dancer not found in {len(report.absent)} frames, which show only the background"
        )
    lines += [f"extra: {path}" for path in report.outputs[1:]]
    return "\n".join(lines)


def _answer(session: Session, as_json: bool, document: object, text: str) -> None:
    if as_json:
        session.answer(document)
    else:
        session.console.print(text, markup=False, soft_wrap=True)


def quote_background(background: str) -> str:
    """A background as YAML: a mapping as it is, anything else as a string."""
    if background.startswith("{"):
        return background
    text = json.dumps(background, ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()  # bytes that are not UTF-8
