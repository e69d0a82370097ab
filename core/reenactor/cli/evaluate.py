"""`reenactor evaluate`: measure specs and other methods against the ground truth."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reenactor.cli.console import plain_table
from reenactor.cli.context import Context
from reenactor.cli.lazy import command_app
from reenactor.cli.metric_networks import (
    Features,
    FeaturesInput,
    Identity,
    IdentityScale,
    require_known_inputs,
)
from reenactor.cli.run import Device
from reenactor.cli.session import AsJson, Overrides, Session, Threads
from reenactor.errors import UsageError
from reenactor.inputs import PICTURE_SUFFIXES
from reenactor.metrics import METRICS, TABLE_1, Need, missing, named

if TYPE_CHECKING:
    from reenactor.evaluation.protocol import Method
    from reenactor.evaluation.report import Evaluation

app = command_app()

VIDEOS = (".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v")


@app.command()
def evaluate(
    context: Context,
    specs: Annotated[
        list[str] | None, typer.Argument(metavar="[SPEC]...", help="Specs by name or YAML file.")
    ] = None,
    videos: Annotated[
        list[Path] | None,
        typer.Option("--videos", help="A driving video, or a folder of them; may be repeated."),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder of the evaluation.")
    ] = Path("evaluation"),
    method: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FOLDER", help="Another method's frames; see the documentation."),
    ] = None,
    target: Annotated[
        str, typer.Option(help="The driver's frame used as target: first, frontal or N.")
    ] = "frontal",
    targets: Annotated[
        list[Path] | None,
        typer.Option("--targets", help="Photos of other people as targets (cross-reenactment)."),
    ] = None,
    metrics: Annotated[
        list[str] | None,
        typer.Option("--metrics", "-m", help="Required metrics; table1 and all are groups."),
    ] = None,
    analyst: Annotated[
        str,
        typer.Option(
            metavar="SPEC",
            help="The spec whose parser and estimators analyze frames; by default the first.",
        ),
    ] = "",
    height: Annotated[
        int | None, typer.Option(min=64, max=4096, help="Height of the crop in pixels.")
    ] = None,
    width: Annotated[
        int | None, typer.Option(min=64, max=4096, help="Width of the crop in pixels.")
    ] = None,
    identity: Identity = None,
    identity_scale: IdentityScale = "signed",
    features: Features = None,
    features_input: FeaturesInput = "imagenet",
    overrides: Overrides = None,
    device: Device = "auto",
    threads: Threads = 1,
    seed: Annotated[int, typer.Option(min=0, help="For rendering and confidence intervals.")] = 0,
    show: Annotated[
        bool, typer.Option("--list", help="List the metrics and whether they can be measured here.")
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Also replace files that no evaluation made."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure specs and other methods on videos, as the paper's Table 1 does.

    The target is a frame of each driving video, so that the video is the ground truth. What was
    measured before is kept: run the same command again to continue.
    """
    session = Session(context, as_json)
    if show:
        given = {Need.IDENTITY: identity, Need.FEATURES: features}
        _list(session, as_json, {need for need, file in given.items() if file is None})
        return
    from reenactor.evaluation.protocol import Protocol
    from reenactor.evaluation.run import evaluate as perform

    require_known_inputs(identity_scale, features_input)
    if (height is None) != (width is None):
        raise UsageError("incomplete crop size", expected="--height and --width, or neither")
    names = tuple(metric.name for metric in named(metrics or ()))
    protocol = Protocol(
        videos=_files(videos or [], VIDEOS),
        output=output,
        target=_target(target),
        targets=_files(targets or [], PICTURE_SUFFIXES),
        canvas=None if height is None or width is None else (height, width),
        required=() if metrics in (None, ["all"]) else names,
        optional=names or tuple(METRICS),
        overrides=tuple(overrides or ()),
        seed=seed,
        analyst=analyst,
        identity=identity,
        identity_scale=identity_scale,  # type: ignore[arg-type]  # checked above
        features=features,
        features_input=features_input,  # type: ignore[arg-type]  # checked above
        overwrite=overwrite,
    )
    setup = session.setup(device, threads, seed)
    made = perform(setup, protocol, _methods(specs or [], method or []), session.progress)
    _answer(session, as_json, made, output)


def _answer(session: Session, as_json: bool, made: "Evaluation", output: Path) -> None:
    if as_json:
        session.answer(made.as_json())
        return
    for warning in made.warnings:
        session.note(warning)
    if made.not_measured:
        session.note(f"not measured: {', '.join(made.not_measured)} (why: {output / 'report.md'})")
    grid = plain_table("method", "frames", *(f"{METRICS[n].label} {METRICS[n].better.arrow}"
                                            for n in _shown(made)))  # fmt: skip
    from reenactor.evaluation.report import written
    from reenactor.evaluation.yaw_groups import GROUPS

    for name, result in made.methods.items():
        cells = [result.figures.get(metric) for metric in _shown(made)]
        row = ["—" if figure is None else written(figure.value) for figure in cells]
        grid.add_row(name, str(result.frames), *row)
    session.console.print(grid)
    turned = [row for row in made.turned if row.name in _shown(made)]
    if turned:
        session.say("")
        grid = plain_table("metric", "method", *(f"{group}°" for group in GROUPS))
        for one in turned:
            metric = METRICS[one.name]
            row = ["—" if figure is None else written(figure.value) for figure in one.figures]
            grid.add_row(f"{metric.label} {metric.better.arrow}", one.method, *row)
        session.console.print(grid)
    session.say(f"{output}: report.html, report.md, report.json, frames.csv")


def _shown(made: "Evaluation") -> list[str]:
    """The metrics that fit on a terminal."""
    first = [*TABLE_1, "perceptual"]
    crossed = ["body-shape", "identity", "face-failures", "warping-own", "hand-pck", "foot-sliding"]
    return [n for n in (*first, *crossed) if any(n in r.figures for r in made.methods.values())]


def _list(session: Session, as_json: bool, absent: set[Need]) -> None:
    offered = set(Need) - absent
    reasons = {name: missing(METRICS[name], session.store, offered) for name in METRICS}
    if as_json:
        session.answer(
            [
                {"name": n, "version": METRICS[n].version, "missing": why}
                for n, why in reasons.items()
            ]
        )
        return
    grid = plain_table("name", "better", "version", "here")
    for name, why in reasons.items():
        metric = METRICS[name]
        here = f"no: {why}" if why else "yes"
        grid.add_row(name, metric.better.arrow, metric.version, here)
    session.console.print(grid)


def _methods(specs: list[str], given: list[str]) -> "list[Method]":
    from reenactor.evaluation.protocol import BySpec, GivenFrames

    methods: list[Method] = [BySpec(Path(spec).stem, spec) for spec in specs]
    for text in given:
        name, sign, folder = text.partition("=")
        if not sign or not folder:
            raise UsageError("invalid method", given=text, expected="NAME=FOLDER")
        methods.append(GivenFrames(name, Path(folder)))
    return methods


def _target(text: str) -> Any:
    if text in ("first", "frontal"):
        return text
    if text.isdecimal() and len(text) < 10:
        return int(text)
    raise UsageError("unknown target frame", given=text, expected="first, frontal, or a number")


def _files(paths: list[Path], suffixes: Collection[str]) -> tuple[Path, ...]:
    """The files, including those in folders, in order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in suffixes)
            if not inside:
                raise UsageError(
                    "no matching files in the folder",
                    given=str(path),
                    expected=", ".join(sorted(suffixes)),
                )
            found += inside
        else:
            found.append(path)
    return tuple(found)
